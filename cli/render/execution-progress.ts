import { isSettled } from '../../core/execution/index.ts';
import { iterationOf, itemPath, memberPath, type TaskPath } from '../../core/ids/index.ts';
import type { Plan, PlannedTask } from '../../core/plan/index.ts';
import type { ExecutionView, TaskView } from '../../core/projections/index.ts';

export interface Progress {
  /** Tasks of the outermost region that have settled, and all of them. */
  readonly settled: number;
  readonly count: number;
  /** 0 to 1; an open container counts for as much as is done inside. */
  readonly share: number;
}

export function progressOf(plan: Plan, view: ExecutionView): Progress {
  const views = new Map(view.tasks.map((task) => [task.path, task]));
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const shareOfRegion = (region: string, members: readonly string[]): number => {
    const shares = members.map((id) => {
      const task = tasks.get(id);
      return task ? shareOfTask(task, memberPath(region, id)) : 0;
    });
    return shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  };
  const shareOfTask = (task: PlannedTask, path: TaskPath): number => {
    const own = views.get(path);
    if (own && isSettled(own.status)) return 1;
    if (task.kind === 'group') return shareOfRegion(path, task.region.members);
    if (task.kind === 'loop') {
      const round = own?.round ?? 0;
      // At most so many iterations: a loop that ends before is done at a stroke.
      return (round + shareOfRegion(iterationOf(path, round), task.region.members)) / task.maxIterations;
    }
    return shareOfItems(task, own, (item) => views.get(itemPath(path, item)));
  };
  const { members } = plan;
  const settled = members.filter((id) => isSettled(views.get(memberPath('', id))?.status ?? 'pending')).length;
  return { settled, count: members.length, share: shareOfRegion('', members) };
}

function shareOfItems(
  task: PlannedTask,
  view: TaskView | undefined,
  item: (index: number) => TaskView | undefined,
): number {
  if (view?.calls && view.calls.count > 0) return view.calls.settled / view.calls.count;
  const count = task.kind === 'agent' ? (task.fanOut ?? 0) : 0;
  if (count === 0) return 0;
  const settled = Array.from({ length: count }, (_, index) => item(index)).filter((it) => it && isSettled(it.status));
  return settled.length / count;
}
