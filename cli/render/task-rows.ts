import { forEachOf, isSettled, itemPathsOf, type TaskStatus } from '../../core/execution/index.ts';
import { iterationOf, memberPath, parseItemPath, taskPath, type TaskPath } from '../../core/ids/index.ts';
import type { GroupTask, LoopTask, Plan, PlannedTask } from '../../core/plan/index.ts';
import type { ExecutionView, TaskView } from '../../core/projections/index.ts';
import { doerText, runningNameText } from './doer-text.ts';
import { afterText, containerDetail, itemsDetail, taskDetail } from './task-detail.ts';

/** A task or an item as one line of a display. */
export interface TaskRow {
  readonly path: TaskPath;
  readonly name: string;
  /** How far inside of other rows it stands. */
  readonly depth: number;
  /** Stands on the critical path of its region. */
  readonly isCritical: boolean;
  readonly status: TaskStatus;
  readonly doer: string;
  readonly startedAt?: number;
  readonly settledAt?: number;
  /** What a person wants to know about it now, in a few words. */
  readonly detail: string;
}

export interface RowOptions {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Every iteration of a loop and every call of a `for_each`; else only those that say most. */
  readonly all?: boolean;
}

/** What the rows of one execution are made from. */
interface Scene extends RowOptions {
  readonly tasks: ReadonlyMap<string, PlannedTask>;
  readonly critical: ReadonlySet<string>;
  readonly views: ReadonlyMap<TaskPath, TaskView>;
  /** Items and calls that anything has happened to, in their order. */
  readonly items: ReadonlyMap<TaskPath, readonly TaskView[]>;
}

interface Place {
  readonly path: TaskPath;
  readonly depth: number;
}

/**
 * Every task of the plan in its order, each container followed by what is inside: the members of a group, those of a loop's present
 * iteration, the items of a fan-out, the calls of a `for_each` that run or have failed.
 */
export function taskRows(plan: Plan, view: ExecutionView, options: RowOptions): TaskRow[] {
  const regions = [plan, ...plan.tasks.flatMap((task) => ('region' in task ? [task.region] : []))];
  const scene: Scene = {
    ...options,
    tasks: new Map(plan.tasks.map((task) => [task.id, task])),
    critical: new Set(regions.flatMap(({ criticalPath }) => criticalPath.tasks)),
    views: new Map(view.tasks.map((task) => [task.path, task])),
    items: itemsByContainer(view.tasks),
  };
  return regionRows(scene, plan.members, { region: '', depth: 0 });
}

function itemsByContainer(tasks: readonly TaskView[]): ReadonlyMap<TaskPath, readonly TaskView[]> {
  const found = new Map<TaskPath, TaskView[]>();
  for (const task of tasks) {
    const item = parseItemPath(task.path);
    if (!item) continue;
    const known = found.get(item.container);
    if (known) known.push(task);
    else found.set(item.container, [task]);
  }
  const indexOf = ({ path }: TaskView): number => parseItemPath(path)?.index ?? 0;
  for (const items of found.values()) items.sort((a, b) => indexOf(a) - indexOf(b));
  return found;
}

interface Level {
  readonly region: string;
  readonly depth: number;
}

function regionRows(scene: Scene, members: readonly string[], { region, depth }: Level): TaskRow[] {
  return members.flatMap((id) => {
    const task = scene.tasks.get(id);
    return task ? rowsOf(scene, task, { path: memberPath(region, id), depth }) : [];
  });
}

function rowsOf(scene: Scene, task: PlannedTask, place: Place): TaskRow[] {
  if (task.kind === 'group' || task.kind === 'loop') return containerRows(scene, task, place);
  const isFanOut = itemPathsOf(place.path, task).length > 0;
  if (isFanOut || (forEachOf(task) && !parseItemPath(place.path))) return itemRows(scene, task, place);
  return [rowOf(scene, task, place)];
}

function rowOf({ views, critical, now }: Scene, task: PlannedTask, { path, depth }: Place): TaskRow {
  const view = views.get(path);
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    depth,
    isCritical: critical.has(task.id) && !parseItemPath(path),
    status: view?.status ?? 'pending',
    doer: view?.agent ?? doerText(task),
    ...(view?.startedAt !== undefined && { startedAt: view.startedAt }),
    ...(view?.settledAt !== undefined && { settledAt: view.settledAt }),
    detail: view ? taskDetail(view, task, now) : afterText(task),
  };
}

function containerRows(scene: Scene, task: GroupTask | LoopTask, { path, depth }: Place): TaskRow[] {
  const view = scene.views.get(path);
  const row = rowOf(scene, task, { path, depth });
  const inside = insideRows(scene, task, { path, depth });
  const members = inside.filter((member) => member.depth === depth + 1);
  const settled = members.filter(({ status }) => isSettled(status)).length;
  const hasOpened = view?.startedAt !== undefined;
  return [
    {
      ...row,
      name: runningNameText(task, view, row.name),
      ...(hasOpened && { detail: row.detail || containerDetail(task, view, { settled, count: members.length }) }),
    },
    // What never came to be is no news once its container has settled.
    ...(hasOpened || !isSettled(row.status) ? inside : []),
  ];
}

/** The members; of a loop those of its present iteration, or of all of them beneath a row for each. */
function insideRows(scene: Scene, task: GroupTask | LoopTask, { path, depth }: Place): TaskRow[] {
  const { members } = task.region;
  if (task.kind === 'group') return regionRows(scene, members, { region: path, depth: depth + 1 });
  const last = scene.views.get(path)?.round ?? 0;
  if (!scene.all || last === 0) {
    return regionRows(scene, members, { region: iterationOf(path, last), depth: depth + 1 });
  }
  return Array.from({ length: last + 1 }, (_, round) => {
    const region = iterationOf(path, round);
    const rows = regionRows(scene, members, { region, depth: depth + 2 });
    return [iterationRow(taskPath(region), depth + 1, rows), ...rows];
  }).flat();
}

/** A line above the tasks of one iteration, which is no task itself. */
function iterationRow(path: TaskPath, depth: number, inside: readonly TaskRow[]): TaskRow {
  const members = inside.filter((row) => row.depth === depth + 1);
  const worst = (['failed', 'unknown', 'running', 'parked', 'cancelled', 'pending'] as const).find((status) =>
    members.some((member) => member.status === status),
  );
  const starts = members.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = members.flatMap(({ settledAt }) => settledAt ?? []);
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    depth,
    isCritical: false,
    status: worst ?? 'succeeded',
    doer: 'iteration',
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
    ...(ends.length === members.length && { settledAt: Math.max(...ends) }),
    detail: '',
  };
}

/** Failed calls that are listed; a `for_each` may have thousands. */
const MOST_FAILED = 10;

/** A task with items: it runs while one of them does, and its detail counts them. */
function itemRows(scene: Scene, task: PlannedTask, place: Place): TaskRow[] {
  const row = rowOf(scene, task, place);
  const view = scene.views.get(place.path);
  const items = scene.items.get(place.path) ?? [];
  const shown = scene.all || !forEachOf(task) ? items : mostTelling(items);
  const failed = items.filter(({ status }) => status === 'failed').length;
  const more = failed - shown.filter(({ status }) => status === 'failed').length;
  const starts = items.flatMap(({ startedAt }) => startedAt ?? []);
  const isRunning = !isSettled(row.status) && items.some(({ status }) => status === 'running');
  const own: TaskRow = {
    ...row,
    name: runningNameText(task, view, row.name),
    status: isRunning ? 'running' : row.status,
    ...(starts.length > 0 && { startedAt: row.startedAt ?? starts.reduce((a, b) => Math.min(a, b)) }),
    detail: items.length === 0 ? row.detail : (view && row.detail) || itemsDetail(task, view, items),
  };
  const below = shown.map((item) => rowOf(scene, task, { path: item.path, depth: place.depth + 1 }));
  const rest: TaskRow = {
    ...row,
    name: '…',
    depth: place.depth + 1,
    status: 'failed',
    doer: '',
    detail: `${more} more failed`,
  };
  return [own, ...below, ...(more > 0 ? [timeless(rest)] : [])];
}

/** Of a list's calls those that are under way, and the first that failed. */
function mostTelling(items: readonly TaskView[]): readonly TaskView[] {
  let failed = 0;
  return items.filter(({ status }) => {
    if (status === 'failed') failed += 1;
    return status === 'failed' ? failed <= MOST_FAILED : !isSettled(status) || status === 'unknown';
  });
}

function timeless({ startedAt, settledAt, ...row }: TaskRow): TaskRow {
  return row;
}
