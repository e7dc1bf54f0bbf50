import type { GroupTask, PlannedTask, Region } from '../plan/index.ts';
import { callsOf } from './calls.ts';
import { certainEdges } from './certain-order.ts';
import { heaviestAntichain } from './heaviest-antichain.ts';
import { membersOf, type PlanTasks } from './plan-tasks.ts';

/** A bound of something that tasks take while they are under way, and the tasks that make it. */
export interface Peak {
  readonly weight: number;
  readonly tasks: readonly string[];
}

export interface Weighing {
  /** A whole number; of a task that is no group and no loop. */
  readonly weightOf: (task: PlannedTask) => number;
  /** What a group can have at once whatever its graph allows. */
  readonly capOf: (group: GroupTask) => number;
}

/**
 * The most that can be under way at once in a region, as far as its graph says: no execution has more, whatever fails. Containers weigh
 * what their own regions do; iterations of a loop never overlap.
 */
export function peakOf(region: Region, tasks: PlanTasks, weighing: Weighing): Peak {
  const members = membersOf(region, tasks);
  const inside = members.map((task) => peakOfTask(task, tasks, weighing));
  const { weight, vertices } = heaviestAntichain(
    inside.map((peak) => peak.weight),
    certainEdges(members),
  );
  return { weight, tasks: vertices.flatMap((vertex) => inside[vertex]?.tasks ?? []) };
}

function peakOfTask(task: PlannedTask, tasks: PlanTasks, weighing: Weighing): Peak {
  if (task.kind === 'loop') return peakOf(task.region, tasks, weighing);
  if (task.kind !== 'group') return { weight: weighing.weightOf(task), tasks: [task.id] };
  const peak = peakOf(task.region, tasks, weighing);
  return { ...peak, weight: Math.min(peak.weight, weighing.capOf(task)) };
}

/** The most attempts of agents at once, the groups' limits considered and the workflow's not. */
export function attemptsAtOnce(region: Region, tasks: PlanTasks): Peak {
  return peakOf(region, tasks, {
    weightOf: (task) => (task.kind === 'agent' ? callsOf(task, 'worst').atOnce : 0),
    capOf: ({ maxParallel }) => maxParallel ?? Infinity,
  });
}
