import type { Plan, PlannedTask, Region } from '../plan/index.ts';

/** Tasks of all regions, by id. */
export type PlanTasks = ReadonlyMap<string, PlannedTask>;

export function planTasks({ tasks }: Plan): PlanTasks {
  return new Map(tasks.map((task) => [task.id, task]));
}

/** The tasks of one region, in a topological order. */
export function membersOf({ members }: Region, tasks: PlanTasks): PlannedTask[] {
  return members.flatMap((id) => tasks.get(id) ?? []);
}

/** The tasks of a region and of all regions inside it. */
export function tasksWithin(region: Region, tasks: PlanTasks): PlannedTask[] {
  return membersOf(region, tasks).flatMap((task) =>
    task.kind === 'loop' || task.kind === 'group' ? [task, ...tasksWithin(task.region, tasks)] : [task],
  );
}
