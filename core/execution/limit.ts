import type { ExecutionId } from '../ids/index.ts';

/** The limit of `concurrency.max_parallel`: tasks of one execution that run at once. */
export const MAX_PARALLEL = 'max_parallel';

/** Under which tasks of an execution are parked that wait for a place in `max_parallel`. */
export function limitKey(execution: ExecutionId): string {
  return `limit#${execution}#${MAX_PARALLEL}`;
}
