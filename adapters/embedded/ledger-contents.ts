import { controlPlace, isTerminal } from '../../core/execution/index.ts';
import type {
  ControlRecord,
  ExecutionRecord,
  LimitRecord,
  ParkedEntry,
  SkeinEvent,
  TaskRecord,
  Watch,
} from '../../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../../core/ids/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import { compareTexts, putSorted, removeSorted } from './sorted-array.ts';

/** What belongs to one execution. */
interface Shelf {
  readonly tasks: Map<TaskPath, TaskRecord>;
  readonly limits: Map<string, LimitRecord>;
  /** The highest number of a path's events, which rises with each commit. */
  readonly events: Map<string, number>;
  /** By producer, then consumer. */
  readonly watches: Map<TaskPath, Map<TaskPath, Watch>>;
}

interface Shelves {
  readonly executions: Map<ExecutionId, ExecutionRecord>;
  /** Not terminal, oldest first. */
  readonly open: ExecutionRecord[];
  readonly shelves: Map<ExecutionId, Shelf>;
  /** By key, in the order of waking: with thousands parked, sorting them at each look would cost their square. */
  readonly parked: Map<string, ParkedEntry[]>;
  /** By folder, then name. */
  readonly controls: Map<string, Map<string, ControlRecord>>;
  /** Ids. */
  readonly busEvents: Set<string>;
}

/**
 * What a ledger holds, in memory: conditions, changes and queries, each at once. Of events, the engine's and the bus's, it only knows
 * that they are there.
 */
export interface LedgerContents {
  /** All writes or none; false: a condition does not hold. No two may be on one item. */
  accept(writes: readonly LedgerWrite[]): boolean;
  /** Without a condition. */
  put(write: LedgerWrite): void;
  /** The path has had events up to number `n`. */
  countEvents(execution: ExecutionId, path: SkeinEvent['path'], n: number): void;
  findExecution(id: ExecutionId): ExecutionRecord | undefined;
  findTask(execution: ExecutionId, path: TaskPath): TaskRecord | undefined;
  /** By path. */
  listTasks(execution: ExecutionId): readonly TaskRecord[];
  findLimit(execution: ExecutionId, limit: string): LimitRecord | undefined;
  findControl(key: string): ControlRecord | undefined;
  /** By key. */
  listControls(folder: string): readonly ControlRecord[];
  /** By consumer. */
  listWatches(execution: ExecutionId, producer: TaskPath): readonly Watch[];
  listParked(key: string, limit: number): readonly ParkedEntry[];
  listOpenExecutions(): readonly ExecutionId[];
  /** Forgets an execution and everything of its own. */
  drop(execution: ExecutionId): void;
  /** Forgets control records that are useless at this time, epoch milliseconds. */
  forgetControls(now: number): void;
  /** Forgets that there is such an event. */
  readonly dropBusEvent: (id: string) => void;
}

/** It keeps the records that it is given and gives the same ones back, without a copy: they are readonly. */
export function createLedgerContents(): LedgerContents {
  const contents: Shelves = {
    executions: new Map(),
    open: [],
    shelves: new Map(),
    parked: new Map(),
    controls: new Map(),
    busEvents: new Set(),
  };
  const shelf = (execution: ExecutionId): Shelf | undefined => contents.shelves.get(execution);

  return {
    accept: (writes) => {
      // No two writes are on one item, so none of them can change what another one's condition sees.
      if (!writes.every((write) => holds(contents, write))) return false;
      for (const write of writes) apply(contents, write);
      return true;
    },
    put: (write) => apply(contents, write),
    countEvents: (execution, path, n) => countEvent(shelfOf(contents, execution), { path, n }),
    findExecution: (id) => contents.executions.get(id),
    findTask: (execution, path) => shelf(execution)?.tasks.get(path),
    listTasks: (execution) =>
      [...(shelf(execution)?.tasks.values() ?? [])].sort((a, b) => compareTexts(a.path, b.path)),
    findLimit: (execution, limit) => shelf(execution)?.limits.get(limit),
    findControl: (key) => findControl(contents, key),
    listControls: (folder) =>
      [...(contents.controls.get(folder)?.values() ?? [])].sort((a, b) => compareTexts(a.key, b.key)),
    listWatches: (execution, producer) =>
      [...(shelf(execution)?.watches.get(producer)?.values() ?? [])].sort((a, b) =>
        compareTexts(a.consumer, b.consumer),
      ),
    listParked: (key, limit) => (contents.parked.get(key) ?? []).slice(0, limit),
    listOpenExecutions: () => contents.open.map(({ id }) => id),
    drop: (id) => {
      const record = contents.executions.get(id);
      if (record) removeSorted(contents.open, record, compareAge);
      contents.executions.delete(id);
      contents.shelves.delete(id);
    },
    forgetControls: (now) => forgetControls(contents, now),
    dropBusEvent: (id) => void contents.busEvents.delete(id),
  };
}

function forgetControls({ controls }: Shelves, now: number): void {
  for (const [folder, records] of controls) {
    for (const [name, { uselessFrom }] of records) {
      if (uselessFrom !== undefined && uselessFrom <= now) records.delete(name);
    }
    if (records.size === 0) controls.delete(folder);
  }
}

function findControl({ controls }: Shelves, key: string): ControlRecord | undefined {
  const { folder, name } = controlPlace(key);
  return controls.get(folder)?.get(name);
}

function holds(contents: Shelves, write: LedgerWrite): boolean {
  const { executions, shelves, busEvents } = contents;
  switch (write.kind) {
    case 'execution':
      return isNext(write.record, executions.get(write.record.id));
    case 'task':
      return isNext(write.record, shelves.get(write.record.execution)?.tasks.get(write.record.path));
    case 'limit':
      return isNext(write.record, shelves.get(write.record.execution)?.limits.get(write.record.limit));
    case 'control':
      return isNext(write.record, findControl(contents, write.record.key));
    case 'event':
      return write.event.n > (shelves.get(write.event.execution)?.events.get(write.event.path) ?? 0);
    case 'bus_event':
      return !busEvents.has(write.event.id);
    case 'watch':
    case 'unwatch':
    case 'park':
    case 'unpark':
      return true;
  }
}

function isNext(record: { revision: number }, stored: { revision: number } | undefined): boolean {
  return record.revision === (stored?.revision ?? 0) + 1;
}

function apply(contents: Shelves, write: LedgerWrite): void {
  switch (write.kind) {
    case 'execution':
      return putExecution(contents, write.record);
    case 'task':
      return void shelfOf(contents, write.record.execution).tasks.set(write.record.path, write.record);
    case 'limit':
      return void shelfOf(contents, write.record.execution).limits.set(write.record.limit, write.record);
    case 'control':
      return putControl(contents, write.record);
    case 'event':
      return countEvent(shelfOf(contents, write.event.execution), write.event);
    case 'bus_event':
      return void contents.busEvents.add(write.event.id);
    case 'watch':
      return void watchersOf(contents, write.watch).set(write.watch.consumer, write.watch);
    case 'unwatch':
      return void watchersOf(contents, write.watch).delete(write.watch.consumer);
    case 'park':
      return putSorted(parkedUnder(contents, write.entry.key), write.entry, compareParked);
    case 'unpark':
      return removeSorted(parkedUnder(contents, write.entry.key), write.entry, compareParked);
  }
}

function putExecution({ executions, open }: Shelves, record: ExecutionRecord): void {
  const stored = executions.get(record.id);
  if (stored) removeSorted(open, stored, compareAge);
  if (!isTerminal(record.status)) putSorted(open, record, compareAge);
  executions.set(record.id, record);
}

function putControl({ controls }: Shelves, record: ControlRecord): void {
  const { folder, name } = controlPlace(record.key);
  getOrPut(controls, folder, () => new Map<string, ControlRecord>()).set(name, record);
}

function countEvent({ events }: Shelf, { path, n }: Pick<SkeinEvent, 'path' | 'n'>): void {
  events.set(path, Math.max(n, events.get(path) ?? 0));
}

function shelfOf({ shelves }: Shelves, execution: ExecutionId): Shelf {
  return getOrPut(shelves, execution, () => ({
    tasks: new Map(),
    limits: new Map(),
    events: new Map(),
    watches: new Map(),
  }));
}

function watchersOf(contents: Shelves, { execution, producer }: Watch): Map<TaskPath, Watch> {
  return getOrPut(shelfOf(contents, execution).watches, producer, () => new Map<TaskPath, Watch>());
}

function parkedUnder({ parked }: Shelves, key: string): ParkedEntry[] {
  return getOrPut(parked, key, () => []);
}

function getOrPut<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}

function compareAge(a: ExecutionRecord, b: ExecutionRecord): number {
  return a.startedAt - b.startedAt || compareTexts(a.id, b.id);
}

function compareParked(a: ParkedEntry, b: ParkedEntry): number {
  return a.arrival - b.arrival || compareTexts(a.path, b.path) || compareTexts(a.execution, b.execution);
}
