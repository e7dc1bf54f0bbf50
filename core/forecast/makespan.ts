import type { Plan } from '../plan/index.ts';
import type { Case } from './calls.ts';
import { isTimed, type Durations } from './durations.ts';
import { schedule, type Schedule } from './schedule.ts';

/** How long an execution takes in which everything succeeds at its first attempt. */
export interface Makespan {
  readonly unit: Durations['unit'];
  /** With the limits and the agents' capacities. */
  readonly limited: Readonly<Record<Case, Schedule>>;
  /** As if there were a place for everybody: its path is the critical one. */
  readonly unlimited: Readonly<Record<Case, Schedule>>;
  /** Tasks whose durations nobody knows: they count as nothing. */
  readonly unknown: readonly string[];
}

export function makespanOf(plan: Plan, durations: Durations): Makespan {
  const both = (hasLimits: boolean): Readonly<Record<Case, Schedule>> => ({
    best: schedule(plan, { which: 'best', durations, hasLimits }),
    worst: schedule(plan, { which: 'worst', durations, hasLimits }),
  });
  return {
    unit: durations.unit,
    limited: both(true),
    unlimited: both(false),
    unknown: plan.tasks
      .filter((task) => isTimed(task) && durations.of(task, 'worst') === undefined)
      .map(({ id }) => id),
  };
}
