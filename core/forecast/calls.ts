import type { AgentTask, ChildTask, LoopTask, Plan, PlannedTask } from '../plan/index.ts';

/**
 * `best`: every task once, at its first attempt; loops leave after an iteration where `until` lets them; lists that only the
 * execution knows are empty. `worst`: every iteration, and lists as long as they may be.
 */
export type Case = 'best' | 'worst';

/** The tasks that call something: an agent, or another workflow. */
export type CallingTask = AgentTask | ChildTask;

export interface Calls {
  /** In all, each time the task runs. */
  readonly count: number;
  /** The most at one time. */
  readonly atOnce: number;
}

export function isCalling(task: PlannedTask): task is CallingTask {
  return task.kind === 'agent' || task.kind === 'workflow';
}

export function callsOf(task: CallingTask, which: Case): Calls {
  const { forEach } = task;
  if (forEach) {
    const { items, maxItems, maxConcurrency, batch = 1 } = forEach;
    const known = Array.isArray(items) ? items.length : undefined;
    const count = Math.ceil((known ?? (which === 'best' ? 0 : maxItems)) / batch);
    return { count, atOnce: Math.min(count, maxConcurrency) };
  }
  const count = task.kind === 'agent' ? (task.fanOut ?? 1) : 1;
  return { count, atOnce: count };
}

export function iterationsOf({ until, maxIterations }: LoopTask, which: Case): number {
  return which === 'best' && until !== undefined ? 1 : maxIterations;
}

/** How often each task runs in an execution: once for each iteration of the loops around it. */
export function runsOf({ tasks }: Plan, which: Case): ReadonlyMap<string, number> {
  const inside = new Map<string, number>();
  const runs = new Map<string, number>();
  // A container stands right before its members, so it is known when they come.
  for (const task of tasks) {
    const own = task.container === undefined ? 1 : (inside.get(task.container) ?? 1);
    runs.set(task.id, own);
    inside.set(task.id, task.kind === 'loop' ? own * iterationsOf(task, which) : own);
  }
  return runs;
}
