import type { ExecutionId, TaskPath } from '../ids/index.ts';

/** The limit of `concurrency.max_parallel`: tasks of one execution that run at once. */
export const MAX_PARALLEL = 'max_parallel';

/** The limit of a group's own `max_parallel`. */
export function groupLimit(group: TaskPath): string {
  return `${group}.${MAX_PARALLEL}`;
}

/** The limit of a `budget`: what an execution and its children use up. */
export const BUDGET = 'budget';

/** Under which tasks of an execution are parked that wait for a place of a limit. */
export function limitKey(execution: ExecutionId, limit: string): string {
  return `limit#${execution}#${limit}`;
}

/** Under which tasks of all executions are parked that wait for the breaker of an agent type. */
export function breakerKey(agent: string): string {
  return `breaker#${agent}`;
}

/** Under which tasks of all executions are parked that wait because an agent type is called as often as it may be. */
export function rateKey(agent: string): string {
  return `rate#${agent}`;
}

/** Under which tasks of all executions are parked that wait for a slot of a pool. */
export function poolKey(pool: string): string {
  return `pool#${pool}`;
}

/** Under which tasks of all executions are parked that would make a call with the same key of the cache. */
export function cacheKey(key: string): string {
  return `same_call#${key}`;
}

/** Under which tasks of an execution and its children are parked that wait for room in its budget. */
export function budgetKey(execution: ExecutionId): string {
  return `${BUDGET}#${execution}`;
}

/** Under which tasks are parked that wait for an event of the coordination bus. */
export function eventKey(event: string): string {
  return `event#${event}`;
}

/** Under which executions of a workflow wait for their turn: for a place, or, with a key, for that value of it. */
export function turnKey(workflow: string, key?: string): string {
  return key === undefined ? `turn#${workflow}` : `turn#${workflow}#${key}`;
}
