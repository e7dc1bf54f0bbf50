import type { WorkflowDocument } from '../definition/index.ts';

/** What one execution may use up. What is absent has no limit. */
export interface Budget {
  /** US dollars. */
  readonly usd?: number;
  /** Of models. */
  readonly tokens?: number;
  /** Attempts of agents. */
  readonly calls?: number;
  /** Seconds from start to end. */
  readonly wallTime?: number;
  /** Child workflows within one another. */
  readonly depth?: number;
  /** Ends the execution, or asks somebody. */
  readonly onExceeded: 'fail' | 'ask';
}

export function plannedBudget({ budget }: WorkflowDocument): Budget | undefined {
  if (!budget) return undefined;
  const { on_exceeded, wall_time, ...rest } = budget;
  return { ...rest, ...(wall_time !== undefined && { wallTime: wall_time }), onExceeded: on_exceeded ?? 'fail' };
}
