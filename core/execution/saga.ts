import { parseCompensationPath, parseItemPath, taskIdOf, taskPath, type TaskPath } from '../ids/index.ts';
import { byOrder } from './collection.ts';
import { forEachOf, itemPathsOf, type PlanIndex } from './plan-index.ts';
import type { TaskRecord } from './record.ts';

/** What a saga does next. */
export interface SagaDecision {
  /** Their compensations may begin now, the one that was done last first. */
  readonly starts: readonly TaskRecord[];
  /** Their compensations go on. */
  readonly open: readonly TaskRecord[];
  /** What is not undone: compensations that failed, then what these hold back. Final where nothing starts and nothing is open. */
  readonly residue: readonly TaskRecord[];
}

/** Decides from the records of an execution alone, so that whoever asks again after a crash decides the same. */
export function decideSaga(index: PlanIndex, tasks: readonly TaskRecord[]): SagaDecision {
  const { serial = false } = index.plan.saga ?? {};
  const latestFirst = undoSet(index, tasks).toSorted((a, b) => byOrder(b, a));
  const open = latestFirst.filter(({ undo }) => undo === 'compensating');
  const blocking = latestFirst.filter((record) => blocks(index, record));
  const free = latestFirst
    .filter(({ undo }) => undo === undefined)
    .filter(({ path }) => !blocking.some((later) => isBefore(index, path, later.path)));
  const mayStart = serial ? inSeries({ free, open, blocking }) : free;
  return { starts: withinLimits(index, mayStart, open), open, residue: residueOf(latestFirst) };
}

/**
 * What has to be undone of an execution that did not succeed: tasks that succeeded, whose outcome is unknown, or whose attempts failed and that
 * say so, each with a compensation. Nothing of what a pivot has passed.
 */
export function undoSet(index: PlanIndex, tasks: readonly TaskRecord[]): readonly TaskRecord[] {
  if (!index.plan.saga) return [];
  const pivots = tasks.filter(({ path, status }) => status === 'succeeded' && isOwn(path) && isPivot(index, path));
  return tasks
    .filter((record) => isOwn(record.path) && mayHaveTakenEffect(index, record))
    .filter(({ path }) => !pivots.some((pivot) => isPassed(index, path, pivot.path)));
}

/** A list is past its pivot when all of it is. */
function isPivot(index: PlanIndex, path: TaskPath): boolean {
  return index.taskAt(path).pivot === true && parseItemPath(path) === undefined;
}

function isPassed(index: PlanIndex, path: TaskPath, pivot: TaskPath): boolean {
  return path === pivot || parseItemPath(path)?.container === pivot || isBefore(index, path, pivot);
}

function isOwn(path: TaskPath): boolean {
  return parseCompensationPath(path) === undefined;
}

function mayHaveTakenEffect(index: PlanIndex, { path, status, attempts }: TaskRecord): boolean {
  const task = index.taskAt(path);
  if (!task.compensate) return false;
  // Of a list each item is undone by itself.
  const isList = !parseItemPath(path) && (forEachOf(task) !== undefined || itemPathsOf(path, task).length > 0);
  if (isList) return false;
  if (status === 'succeeded' || status === 'unknown') return true;
  // Cancelled while it waited for its next attempt, it has failed as well: the attempts before may have done what they could not say.
  const hasFailed = status === 'failed' || (status === 'cancelled' && attempts > 0);
  return hasFailed && task.compensate.onFailure === true;
}

/** A task is undone after all that came after it: these keep it from being undone. */
function blocks({ plan }: PlanIndex, { undo, resolution }: TaskRecord): boolean {
  if (undo === undefined || undo === 'compensating') return true;
  return undo === 'compensation_failed' && resolution === undefined && plan.saga?.onFailure === 'hold';
}

interface Serial {
  readonly free: readonly TaskRecord[];
  readonly open: readonly TaskRecord[];
  readonly blocking: readonly TaskRecord[];
}

/** One at a time; with `hold` one that failed holds back all the others, because in a series each of them comes after it. */
function inSeries({ free, open, blocking }: Serial): readonly TaskRecord[] {
  const isHeld = blocking.some(({ undo }) => undo === 'compensation_failed');
  return open.length > 0 || isHeld ? [] : free.slice(0, 1);
}

/** Of the calls of a `for_each` no more are undone at once than were made at once. */
function withinLimits(
  index: PlanIndex,
  mayStart: readonly TaskRecord[],
  open: readonly TaskRecord[],
): readonly TaskRecord[] {
  const counts = new Map<TaskPath, number>();
  const count = (container: TaskPath): number => {
    const counted = (counts.get(container) ?? 0) + 1;
    counts.set(container, counted);
    return counted;
  };
  for (const { path } of open) {
    const item = parseItemPath(path);
    if (item) count(item.container);
  }
  return mayStart.filter(({ path }) => {
    const item = parseItemPath(path);
    const most = item && forEachOf(index.taskAt(path))?.maxConcurrency;
    return !item || most === undefined || count(item.container) <= most;
  });
}

function residueOf(latestFirst: readonly TaskRecord[]): readonly TaskRecord[] {
  const failed = latestFirst.filter(({ undo, resolution }) => undo === 'compensation_failed' && !resolution);
  return [...failed, ...latestFirst.filter(({ undo }) => undo === undefined)];
}

/**
 * Whether one task comes before another by the graph, however many lie between them: by the regions that both are in, an earlier iteration
 * before a later one. Items of one list come neither before nor after each other.
 */
export function isBefore(index: PlanIndex, one: TaskPath, other: TaskPath): boolean {
  const [ours, theirs] = [one.split('/'), other.split('/')];
  for (const [depth, segment] of ours.entries()) {
    const beside = theirs[depth];
    if (beside === undefined) return false;
    if (segment === beside) continue;
    const [id, otherId] = [taskIdOf(taskPath(segment)), taskIdOf(taskPath(beside))];
    if (id !== otherId) return index.upstreamOf(otherId).has(id);
    const isLoop = index.taskAt(taskPath(ours.slice(0, depth + 1).join('/'))).kind === 'loop';
    return isLoop && roundOf(segment) < roundOf(beside);
  }
  return false;
}

function roundOf(segment: string): number {
  return parseItemPath(taskPath(segment))?.index ?? 0;
}
