import { isTerminal } from '../../core/execution/index.ts';
import type {
  BusEvent,
  ExecutionRecord,
  LimitRecord,
  ParkedEntry,
  SkeinEvent,
  TaskRecord,
  Watch,
} from '../../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import { compareEvents } from '../../core/projections/index.ts';
import { requireOneCommit } from './ledger-item.ts';
import { compareTexts, putSorted, removeSorted } from './sorted-array.ts';

/** What belongs to one execution. */
interface Shelf {
  readonly tasks: Map<TaskPath, TaskRecord>;
  readonly limits: Map<string, LimitRecord>;
  /** By path and `n`. */
  readonly events: Map<string, SkeinEvent>;
  /** By producer, then consumer. */
  readonly watches: Map<TaskPath, Map<TaskPath, Watch>>;
}

interface Contents {
  readonly executions: Map<ExecutionId, ExecutionRecord>;
  /** Not terminal, oldest first. */
  readonly open: ExecutionRecord[];
  readonly shelves: Map<ExecutionId, Shelf>;
  /** By key, in the order of waking: with thousands parked, sorting them at each look would cost their square. */
  readonly parked: Map<string, ParkedEntry[]>;
  readonly busEvents: Map<string, BusEvent>;
  /** By type, in the order of their times. */
  readonly busEventsByType: Map<string, BusEvent[]>;
}

/**
 * The ledger in this process's memory, for tests and for runs that need not survive. It keeps the records that it is given and
 * gives the same ones back, without a copy: they are readonly.
 */
export function createMemoryLedgerStore(): LedgerStore {
  const contents: Contents = {
    executions: new Map(),
    open: [],
    shelves: new Map(),
    parked: new Map(),
    busEvents: new Map(),
    busEventsByType: new Map(),
  };
  const shelf = (execution: ExecutionId): Shelf | undefined => contents.shelves.get(execution);

  return {
    commit: async (writes) => {
      requireOneCommit(writes);
      // No two writes are on one item, so none of them can change what another one's condition sees.
      if (!writes.every((write) => holds(contents, write))) return 'conflict';
      for (const write of writes) apply(contents, write);
      return 'committed';
    },
    findExecution: async (id) => contents.executions.get(id),
    findTask: async (execution, path) => shelf(execution)?.tasks.get(path),
    findTasks: async (execution, paths) => paths.map((path) => shelf(execution)?.tasks.get(path)),
    listTasks: async (execution) =>
      [...(shelf(execution)?.tasks.values() ?? [])].sort((a, b) => compareTexts(a.path, b.path)),
    findLimit: async (execution, limit) => shelf(execution)?.limits.get(limit),
    listWatches: async (execution, producer) =>
      [...(shelf(execution)?.watches.get(producer)?.values() ?? [])].sort((a, b) =>
        compareTexts(a.consumer, b.consumer),
      ),
    listParked: async (key, limit) => (contents.parked.get(key) ?? []).slice(0, limit),
    listBusEvents: async (type, since) =>
      (contents.busEventsByType.get(type) ?? []).filter(({ time }) => time >= since),
    listEvents: async (execution) => [...(shelf(execution)?.events.values() ?? [])].sort(compareEvents),
    listOpenExecutions: async () => contents.open.map(({ id }) => id),
  };
}

function holds({ executions, shelves, busEvents }: Contents, write: LedgerWrite): boolean {
  switch (write.kind) {
    case 'execution':
      return isNext(write.record, executions.get(write.record.id));
    case 'task':
      return isNext(write.record, shelves.get(write.record.execution)?.tasks.get(write.record.path));
    case 'limit':
      return isNext(write.record, shelves.get(write.record.execution)?.limits.get(write.record.limit));
    case 'event':
      return !shelves.get(write.event.execution)?.events.has(eventKey(write.event));
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

function apply(contents: Contents, write: LedgerWrite): void {
  switch (write.kind) {
    case 'execution':
      return putExecution(contents, write.record);
    case 'task':
      return void shelfOf(contents, write.record.execution).tasks.set(write.record.path, write.record);
    case 'limit':
      return void shelfOf(contents, write.record.execution).limits.set(write.record.limit, write.record);
    case 'event':
      return void shelfOf(contents, write.event.execution).events.set(eventKey(write.event), write.event);
    case 'bus_event':
      return putBusEvent(contents, write.event);
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

function putExecution({ executions, open }: Contents, record: ExecutionRecord): void {
  const stored = executions.get(record.id);
  if (stored) removeSorted(open, stored, compareAge);
  if (!isTerminal(record.status)) putSorted(open, record, compareAge);
  executions.set(record.id, record);
}

function putBusEvent({ busEvents, busEventsByType }: Contents, event: BusEvent): void {
  busEvents.set(event.id, event);
  putSorted(
    getOrPut(busEventsByType, event.type, () => []),
    event,
    (a, b) => a.time - b.time || compareTexts(a.id, b.id),
  );
}

function shelfOf({ shelves }: Contents, execution: ExecutionId): Shelf {
  return getOrPut(shelves, execution, () => ({
    tasks: new Map(),
    limits: new Map(),
    events: new Map(),
    watches: new Map(),
  }));
}

function watchersOf(contents: Contents, { execution, producer }: Watch): Map<TaskPath, Watch> {
  return getOrPut(shelfOf(contents, execution).watches, producer, () => new Map<TaskPath, Watch>());
}

function parkedUnder({ parked }: Contents, key: string): ParkedEntry[] {
  return getOrPut(parked, key, () => []);
}

function getOrPut<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const created = create();
  map.set(key, created);
  return created;
}

function eventKey({ path, n }: SkeinEvent): string {
  return `${path}\n${n}`;
}

function compareAge(a: ExecutionRecord, b: ExecutionRecord): number {
  return a.startedAt - b.startedAt || compareTexts(a.id, b.id);
}

function compareParked(a: ParkedEntry, b: ParkedEntry): number {
  return a.arrival - b.arrival || compareTexts(a.path, b.path) || compareTexts(a.execution, b.execution);
}
