import type { PlanIndex } from '../../execution/index.ts';
import type { TaskPath } from '../../ids/index.ts';
import type { Lives } from './places.ts';
import type { TaskLife } from './task-life.ts';
import type { Report } from './violation.ts';

interface Start {
  readonly path: TaskPath;
  readonly at: number;
}

/**
 * No agent type is called more often than its agents allow, as far as one execution shows it. A call counts from its assignment on, unless it
 * was taken back, and once, however often it is made again. Times are those of one machine's clock.
 */
export function checkRates(index: PlanIndex, lives: Lives, report: Report): void {
  const startsOf = new Map<string, Start[]>();
  for (const life of lives.values()) {
    const task = index.taskAt(life.path);
    if (task.kind !== 'agent' || !index.plan.agents[task.agent]?.rate) continue;
    const starts = startsOf.get(task.agentType) ?? [];
    startsOf.set(task.agentType, starts);
    for (const at of callTimes(life)) starts.push({ path: life.path, at });
  }
  for (const [agent, starts] of startsOf) {
    starts.sort((one, other) => one.at - other.at);
    starts.forEach(({ path, at }, number) => {
      const { calls = Infinity, per = 0 } = index.plan.agents[index.agentAt(path).agent]?.rate ?? {};
      const earlier = starts[number - calls];
      if (earlier && at - earlier.at < per * 1000)
        report('rate_exceeded', path, `More than ${calls} calls of ${agent} began within ${per} s.`);
    });
  }
}

/** When its attempts began. */
function callTimes({ events }: TaskLife): readonly number[] {
  const times: number[] = [];
  let live: number | undefined;
  for (const event of events) {
    if (event.type === 'task.assigned') {
      live ??= event.time;
      continue;
    }
    const isEnd = event.type !== 'task.started' && event.type !== 'approval.requested';
    if (!isEnd || live === undefined) continue;
    const isPaused = event.type === 'task.parked' && event.data.cause.kind === 'pause';
    const isWithdrawn = isPaused || (event.type === 'task.cancelled' && event.data.status === 'cancelled');
    if (!isWithdrawn) times.push(live);
    live = undefined;
  }
  return live === undefined ? times : [...times, live];
}
