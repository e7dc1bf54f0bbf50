/** What one execution may use up, the children within it included. What is absent has no limit. */
export interface BudgetLimits {
  /** Attempts of agents. */
  readonly calls?: number;
  /** Seconds from its start, pauses left out. */
  readonly wallTime?: number;
  /** Children within one another. */
  readonly depth?: number;
}

/** A limit of a budget that leaves no room, in the author's words. */
export interface BudgetVerdict {
  readonly budget: 'calls' | 'wall_time' | 'depth';
  readonly limit: number;
  readonly used: number;
}

/** Of each limit, the part at which somebody should know. */
const WARN_AT = 0.8;

/** Whether another call may be made. Undefined: it may. `calls`: those made and reserved so far; `seconds`: since the start. */
export function refusedCall(
  limits: BudgetLimits,
  { calls, seconds }: { readonly calls: number; readonly seconds: number },
): BudgetVerdict | undefined {
  const { wallTime, calls: most } = limits;
  if (wallTime !== undefined && seconds >= wallTime) return { budget: 'wall_time', limit: wallTime, used: seconds };
  if (most !== undefined && calls >= most) return { budget: 'calls', limit: most, used: calls };
  return undefined;
}

/** Whether a child may start so many levels below. Undefined: it may. */
export function refusedChild({ depth }: BudgetLimits, levels: number): BudgetVerdict | undefined {
  return depth !== undefined && levels > depth ? { budget: 'depth', limit: depth, used: depth } : undefined;
}

/** True of the one call with which most of the calls are used. */
export function isWorthAWarning(limit: number, calls: number): boolean {
  return calls === Math.ceil(limit * WARN_AT);
}
