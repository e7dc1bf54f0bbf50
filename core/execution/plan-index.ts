import { itemPath, parseItemPath, taskPath, type TaskPath } from '../ids/index.ts';
import { InvariantError } from '../errors/index.ts';
import type { Plan, PlannedTask } from '../plan/index.ts';

/** A plan with the look-ups that decisions need. Built once for each published version. */
export interface PlanIndex {
  readonly plan: Plan;
  /** The planned task that a path belongs to; an item's is its fan-out's. Throws InvariantError for a foreign path. */
  taskAt(path: TaskPath): PlannedTask;
  /** Every path of the ledger: tasks and items of fan-outs, a fan-out after its items. */
  readonly paths: readonly TaskPath[];
  /** All transitive dependencies of a task. */
  upstreamOf(id: string): ReadonlySet<string>;
  /** Tasks that name this one in `depends_on`. */
  dependentsOf(id: string): readonly string[];
  /** Tasks that nothing depends on, in the plan's order. */
  readonly sinks: readonly string[];
}

export function indexPlan(plan: Plan): PlanIndex {
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  const upstream = new Map<string, ReadonlySet<string>>();
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of plan.tasks) {
    for (const { task } of dependsOn) {
      const known = dependents.get(task);
      if (known) known.push(id);
      else dependents.set(task, [id]);
    }
  }

  const upstreamOf = (id: string): ReadonlySet<string> => {
    const known = upstream.get(id);
    if (known) return known;
    const found = new Set<string>();
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const dependency of byId.get(next)?.dependsOn ?? []) {
        if (found.has(dependency.task)) continue;
        found.add(dependency.task);
        open.push(dependency.task);
      }
    }
    upstream.set(id, found);
    return found;
  };

  return {
    plan,
    taskAt: (path) => {
      const task = byId.get(parseItemPath(path)?.container ?? path);
      if (task) return task;
      throw new InvariantError({ code: 'foreign_path', message: `${path} is no task of ${plan.workflow.name}` });
    },
    paths: plan.tasks.flatMap((task) => [...itemPathsOf(task), taskPath(task.id)]),
    upstreamOf,
    dependentsOf: (id) => dependents.get(id) ?? [],
    sinks: plan.tasks.filter((task) => !dependents.has(task.id)).map((task) => task.id),
  };
}

/** The items of a static fan-out in order; none for a plain task. */
export function itemPathsOf(task: PlannedTask): readonly TaskPath[] {
  return Array.from({ length: task.fanOut ?? 0 }, (_, index) => itemPath(taskPath(task.id), index));
}
