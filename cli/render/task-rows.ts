import { isSettled, type TaskStatus } from '../../core/execution/index.ts';
import { iterationOf, memberPath, parseItemPath, type TaskPath } from '../../core/ids/index.ts';
import type { Plan, PlannedTask } from '../../core/plan/index.ts';
import type { ExecutionView, TaskView } from '../../core/projections/index.ts';
import { causeText } from './cause-text.ts';
import { doerText } from './doer-text.ts';
import { oneLine } from './one-line.ts';

/** A task or an item as one line of a display. */
export interface TaskRow {
  readonly path: TaskPath;
  readonly name: string;
  /** How far inside of other rows it stands. */
  readonly depth: number;
  /** Stands on the critical path of its region, with the containers around it. */
  readonly isCritical: boolean;
  readonly status: TaskStatus;
  readonly doer: string;
  readonly startedAt?: number;
  readonly settledAt?: number;
  /** What a person wants to know about it now, in a few words. */
  readonly detail: string;
}

/** What the rows of one execution are made from. */
interface Scene {
  readonly now: number;
  readonly critical: ReadonlySet<string>;
  readonly views: ReadonlyMap<string, TaskView>;
  readonly itemsOf: ReadonlyMap<TaskPath | undefined, readonly TaskView[]>;
  readonly membersOf: ReadonlyMap<string | undefined, readonly PlannedTask[]>;
}

/**
 * Every task of the plan in its order, each container followed by what is inside: a group's members, those of a loop's last
 * iteration, items that anything has happened to. Of a `for_each`, only the items that have not succeeded: there may be thousands.
 */
export function taskRows(plan: Plan, view: ExecutionView, now: number): TaskRow[] {
  const regions = [plan, ...plan.tasks.flatMap((task) => ('region' in task ? [task.region] : []))];
  const scene: Scene = {
    now,
    critical: new Set(regions.flatMap(({ criticalPath }) => criticalPath.tasks)),
    views: new Map(view.tasks.map((task) => [task.path, task])),
    itemsOf: Map.groupBy(view.tasks, ({ path }) => parseItemPath(path)?.container),
    membersOf: Map.groupBy(plan.tasks, ({ container }) => container),
  };
  return regionRows(scene, undefined, { region: '', depth: 0 });
}

interface Level {
  readonly region: string;
  readonly depth: number;
}

function regionRows(scene: Scene, container: string | undefined, { region, depth }: Level): TaskRow[] {
  return (scene.membersOf.get(container) ?? []).flatMap((task) => {
    const path = memberPath(region, task.id);
    const own = scene.views.get(path);
    const level = { region: task.kind === 'loop' ? iterationOf(path, own?.round ?? 0) : path, depth: depth + 1 };
    const inside = 'region' in task ? regionRows(scene, task.id, level) : [];
    // What a container never came to is no news once it has settled.
    const isOver = own !== undefined && isSettled(own.status);
    const rest = isOver ? inside.filter(({ path: member }) => scene.views.has(member)) : inside;
    const items = itemsOf(scene, task, path);
    const row = items ? itemsRow(scene, task, { path, depth }, items) : rowOf(scene, task, { path, depth });
    const shown = (items ?? []).filter(({ status }) => !('forEach' in task) || status !== 'succeeded');
    return [row, ...shown.map((item) => rowOf(scene, task, { path: item.path, depth: depth + 1 })), ...rest];
  });
}

/** Items that anything has happened to, by their numbers; undefined for a task that has none. */
function itemsOf({ itemsOf: all }: Scene, task: PlannedTask, path: TaskPath): readonly TaskView[] | undefined {
  if (!('forEach' in task) && !('fanOut' in task)) return undefined;
  const indexOf = (item: TaskView): number => parseItemPath(item.path)?.index ?? 0;
  return [...(all.get(path) ?? [])].sort((a, b) => indexOf(a) - indexOf(b));
}

interface Place {
  readonly path: TaskPath;
  readonly depth: number;
}

function rowOf({ views, critical, now }: Scene, task: PlannedTask, { path, depth }: Place): TaskRow {
  const view = views.get(path);
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    depth,
    isCritical: critical.has(task.id) && path.endsWith(task.id),
    status: view?.status ?? 'pending',
    doer: view?.agent ?? doerText(task),
    ...(view?.startedAt !== undefined && { startedAt: view.startedAt }),
    ...(view?.settledAt !== undefined && { settledAt: view.settledAt }),
    detail: view ? detailOf(view, task, now) : after(task),
  };
}

/** A task with items: it runs while one of them does, and its detail counts them. */
function itemsRow(scene: Scene, task: PlannedTask, place: Place, items: readonly TaskView[]): TaskRow {
  const row = rowOf(scene, task, place);
  const own = scene.views.get(place.path);
  const count = own?.calls?.count ?? ('fanOut' in task ? task.fanOut : undefined);
  const settled = own?.calls?.settled ?? items.filter(({ status }) => isSettled(status)).length;
  const failed = own?.calls?.failed ?? 0;
  const starts = items.flatMap(({ startedAt }) => startedAt ?? []);
  const isRunning = !isSettled(row.status) && items.some(({ status }) => status === 'running');
  return {
    ...row,
    name: count === undefined ? row.name : `${row.name} ×${count}`,
    status: isRunning ? 'running' : row.status,
    ...(starts.length > 0 && { startedAt: row.startedAt ?? Math.min(...starts) }),
    detail:
      items.length === 0
        ? row.detail || after(task)
        : `${settled} of ${count} settled${failed === 0 ? '' : `, ${failed} failed`}`,
  };
}

function after({ dependsOn }: PlannedTask): string {
  return dependsOn.length === 0 ? '' : `after ${dependsOn.map(({ task }) => task).join(', ')}`;
}

function detailOf(view: TaskView, task: PlannedTask, now: number): string {
  if (view.cause) return causeText(view.cause, now);
  const tries =
    task.kind === 'agent' && view.attempts > 1 ? `attempt ${view.attempts} of ${task.retry.maxAttempts}` : '';
  if (view.error) return [oneLine(`${view.error.name}: ${view.error.message}`), tries].filter(Boolean).join(', ');
  if (view.why !== undefined) return view.why;
  if (task.kind === 'loop' && view.round !== undefined) return `iteration ${view.round}, ${task.maxIterations} at most`;
  return view.child === undefined ? tries : `as ${view.child}`;
}
