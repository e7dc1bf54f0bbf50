import { isDeepStrictEqual } from 'node:util';
import type { CallCounts, TaskStatus } from '../../execution/index.ts';
import type { TaskPath } from '../../ids/index.ts';
import type { CallProgress, ExecutionView, TaskView } from '../execution-view.ts';
import type { PathEvents } from './path-order.ts';
import type { LedgerRecords } from './history.ts';
import type { Report } from './violation.ts';

interface Views {
  readonly stored: ExecutionView;
  readonly folded: ExecutionView;
  /** A view of a running execution may lag behind its events. */
  readonly ended: boolean;
}

export function checkView({ stored, folded, ended }: Views, report: Report): void {
  if (!ended && stored.events < folded.events) return;
  const { tasks: storedTasks, ...storedHeader } = stored;
  const { tasks: foldedTasks, ...foldedHeader } = folded;
  for (const key of differingKeys(storedHeader, foldedHeader)) report('view_differs', '', differs(key, 'view'));
  const known = new Map(storedTasks.map((task) => [task.path, task]));
  for (const task of foldedTasks) {
    for (const key of differingKeys(known.get(task.path) ?? {}, task)) {
      report('view_differs', task.path, differs(key, 'view'));
    }
    known.delete(task.path);
  }
  for (const path of known.keys())
    report('view_differs', path, 'The stored view has this task, and no event names it.');
}

interface Told {
  readonly view: ExecutionView;
  readonly paths: PathEvents;
  readonly ended: boolean;
}

/**
 * The records say what the events say. Times are for display and are left out. What was read of a running execution may be of
 * two moments: a record that counts other events than there are is left for later.
 */
export function checkRecords({ execution, tasks }: LedgerRecords, { view, paths, ended }: Told, report: Report): void {
  const compare = (path: TaskPath | '', record: { readonly events: number }, stored: object, told: object): void => {
    const events = paths.get(path)?.length ?? 0;
    if (!ended && record.events !== events) return;
    if (record.events !== events) report('record_differs', path, `It counts ${record.events} events of ${events}.`);
    for (const key of differingKeys(stored, told)) report('record_differs', path, differs(key, 'record'));
  };
  const views = new Map(view.tasks.map((task) => [task.path, task]));
  const header = ['status', 'output', 'error'] as const;
  compare('', execution, pick(execution, header), pick(view, header));
  for (const record of tasks) {
    const task: Partial<TaskView> & Compared = views.get(record.path) ?? { status: 'pending', attempts: 0 };
    const stored = { ...comparedPart(record), calls: record.calls && countsOf(record.calls, ended) };
    const told = { ...comparedPart(task), calls: task.calls && progressOf(task.calls, ended) };
    compare(record.path, record, stored, told);
    views.delete(record.path);
  }
  if (!ended) return;
  for (const path of views.keys()) report('record_missing', path, 'It has events and no record.');
}

/** How many have settled is counted by others than the container: until the end it may be of another moment. */
function countsOf({ count, calls, settled }: CallCounts, ended: boolean): object {
  return { items: count, calls, ...(ended && { settled }) };
}

function progressOf({ items, count, settled }: CallProgress, ended: boolean): object {
  return { items, calls: count, ...(ended && { settled }) };
}

type Compared = Pick<TaskView, 'status' | 'attempts' | 'round' | 'child' | 'output' | 'error' | 'why' | 'cause'>;

/** What a status means beyond itself. A failed fan-out also keeps its items' outputs in the record, which no event tells. */
function comparedPart(task: Compared): object {
  const beyond: Partial<Record<TaskStatus, keyof Compared>> = {
    succeeded: 'output',
    failed: 'error',
    skipped: 'why',
    upstream_failed: 'why',
    parked: 'cause',
  };
  const key = beyond[task.status];
  return pick(task, ['status', 'attempts', 'round', 'child', ...(key ? [key] : [])]);
}

/** Nothing that an attempt or a parked task holds outlives the execution. */
export function checkLeaks({ tasks, limits = [], parked = [], watches = [] }: LedgerRecords, report: Report): void {
  for (const { path, attempt } of tasks) {
    if (attempt) report('attempt_leaked', path, `Attempt ${attempt.number} is still alive.`);
  }
  for (const { limit, holders } of limits) {
    for (const path of holders) report('limit_leaked', path, `It still holds a place of ${limit}.`);
  }
  for (const { path, key } of parked) report('parking_leaked', path, `It is still parked under ${key}.`);
  for (const { consumer, producer } of watches) report('watch_leaked', consumer, `It still watches ${producer}.`);
}

function pick<Value extends object>(value: Value, keys: readonly (keyof Value)[]): object {
  return Object.fromEntries(keys.filter((key) => value[key] !== undefined).map((key) => [key, value[key]]));
}

function differingKeys(stored: object, told: object): readonly string[] {
  if (isDeepStrictEqual(stored, told)) return [];
  const [a, b] = [new Map(Object.entries(stored)), new Map(Object.entries(told))];
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => !isDeepStrictEqual(a.get(key), b.get(key)));
}

function differs(key: string, what: string): string {
  return `The stored ${what} and the events differ in ${key}.`;
}
