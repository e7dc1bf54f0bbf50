import { isSettled, type TaskRecord } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';

/** The executions that these tasks have started and still wait for. */
export function liveChildren(tasks: readonly TaskRecord[]): readonly ExecutionId[] {
  return tasks.flatMap(({ child, status }) => (child === undefined || isSettled(status) ? [] : [child]));
}
