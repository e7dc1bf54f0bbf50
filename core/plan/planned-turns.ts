import type { WorkflowDocument } from '../definition/index.ts';

/** How many executions of a workflow there are at once, whatever their version. What is absent has no limit. */
export interface Turns {
  readonly maxExecutions?: number;
  /** Text with an expression: at most one execution at a time for each of its values. */
  readonly key?: string;
  /** What becomes of one more: it waits, in order, or is refused. */
  readonly onLimit: 'queue' | 'reject';
}

export function plannedTurns({ concurrency }: WorkflowDocument): Turns | undefined {
  const { max_executions: maxExecutions, key, on_limit: onLimit = 'queue' } = concurrency ?? {};
  if (maxExecutions === undefined && key === undefined) return undefined;
  return { ...(maxExecutions !== undefined && { maxExecutions }), ...(key !== undefined && { key }), onLimit };
}
