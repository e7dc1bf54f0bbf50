import { iterationOf, itemPath, memberPath, type TaskPath } from '../ids/index.ts';
import type { PlannedTask } from '../plan/index.ts';
import { forEachOf, itemPathsOf, type PlanIndex } from './plan-index.ts';
import type { TaskRecord } from './record.ts';
import { isSettled } from './status.ts';

export interface OpenPaths {
  /** Unsettled tasks that end by themselves: no container that has opened is among them. */
  readonly tasks: readonly TaskPath[];
  /** Unsettled containers, inner ones first: they end when their members have. */
  readonly containers: readonly TaskPath[];
}

/**
 * All that is still unsettled of an execution. Members of a container exist from its opening on, those of a loop one iteration at
 * a time, and the calls of a `for_each` when they are started.
 */
export function openPaths(index: PlanIndex, find: (path: TaskPath) => TaskRecord | undefined): OpenPaths {
  const tasks: TaskPath[] = [];
  const containers: TaskPath[] = [];
  const visit = (path: TaskPath): void => {
    const record = find(path);
    if (record && isSettled(record.status)) return;
    const inside = membersOf(path, index.taskAt(path), record);
    if (!inside) return void tasks.push(path);
    for (const member of inside) visit(member);
    containers.push(path);
  };
  for (const id of index.plan.members) visit(memberPath('', id));
  return { tasks, containers };
}

/** Those whose settlement the task waits for before it can settle itself; undefined for one that waits for nobody. */
export function membersOf(
  path: TaskPath,
  task: PlannedTask,
  record: TaskRecord | undefined,
): readonly TaskPath[] | undefined {
  const items = itemPathsOf(path, task);
  if (items.length > 0) return items;
  if (record?.status !== 'running') return undefined;
  if (task.kind === 'group') return task.region.members.map((id) => memberPath(path, id));
  if (task.kind === 'loop') {
    const iteration = iterationOf(path, record.round ?? 0);
    return task.region.members.map((id) => memberPath(iteration, id));
  }
  if (!forEachOf(task) || !record.calls) return undefined;
  return Array.from({ length: record.calls.started }, (_, call) => itemPath(path, call));
}
