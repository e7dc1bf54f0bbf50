import type { BusEvent, SkeinEvent } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { compareEvents } from '../../core/projections/index.ts';
import { createLedgerContents } from './ledger-contents.ts';
import { requireOneCommit } from './ledger-item.ts';
import { compareTexts, putSorted } from './sorted-array.ts';

/** The ledger in this process's memory, for tests and for runs that need not survive. */
export function createMemoryLedgerStore(): LedgerStore {
  const contents = createLedgerContents();
  const events = new Map<ExecutionId, SkeinEvent[]>();
  const busEvents = new Map<string, BusEvent[]>();
  return {
    commit: async (writes) => {
      requireOneCommit(writes);
      if (!contents.accept(writes)) return 'conflict';
      for (const write of writes) {
        if (write.kind === 'event') getOrPut(events, write.event.execution).push(write.event);
        if (write.kind === 'bus_event') putSorted(getOrPut(busEvents, write.event.type), write.event, compareTimes);
      }
      return 'committed';
    },
    durable: async () => undefined,
    findExecution: async (id) => contents.findExecution(id),
    findTask: async (execution, path) => contents.findTask(execution, path),
    findTasks: async (execution, paths) => paths.map((path) => contents.findTask(execution, path)),
    listTasks: async (execution) => contents.listTasks(execution),
    findLimit: async (execution, limit) => contents.findLimit(execution, limit),
    findControl: async (key) => contents.findControl(key),
    listControls: async (folder) => contents.listControls(folder),
    listWatches: async (execution, producer) => contents.listWatches(execution, producer),
    listParked: async (key, limit) => contents.listParked(key, limit),
    listBusEvents: async (type, since) => (busEvents.get(type) ?? []).filter(({ time }) => time >= since),
    listEvents: async (execution) => (events.get(execution) ?? []).toSorted(compareEvents),
    listOpenExecutions: async () => contents.listOpenExecutions(),
  };
}

function getOrPut<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function compareTimes(a: BusEvent, b: BusEvent): number {
  return a.time - b.time || compareTexts(a.id, b.id);
}
