import type { LedgerStore } from '../../core/ports/index.ts';

/** How many items a ledger was asked to write and to read. */
export interface LedgerCounts {
  /** Of commits that were done. */
  writes: number;
  reads: number;
  events: number;
}

/** A ledger that counts. An empty answer is a read as well: somebody has looked. */
export function createCountingLedger(ledger: LedgerStore): { ledger: LedgerStore; counts: LedgerCounts } {
  const counts: LedgerCounts = { writes: 0, reads: 0, events: 0 };
  const counting: LedgerStore = {
    ...ledger,
    async commit(writes) {
      const result = await ledger.commit(writes);
      if (result === 'conflict') return result;
      counts.writes += writes.length;
      counts.events += writes.filter(({ kind }) => kind === 'event').length;
      return result;
    },
    findExecution: (id) => ((counts.reads += 1), ledger.findExecution(id)),
    findTask: (id, path) => ((counts.reads += 1), ledger.findTask(id, path)),
    findLimit: (id, limit) => ((counts.reads += 1), ledger.findLimit(id, limit)),
    findControl: (key) => ((counts.reads += 1), ledger.findControl(key)),
    async findTasks(id, paths) {
      counts.reads += paths.length;
      return ledger.findTasks(id, paths);
    },
    listTasks: (id) => counted(ledger.listTasks(id)),
    listControls: (folder) => counted(ledger.listControls(folder)),
    listWatches: (id, producer) => counted(ledger.listWatches(id, producer)),
    listParked: (key, limit) => counted(ledger.listParked(key, limit)),
    listEvents: (id) => counted(ledger.listEvents(id)),
  };
  async function counted<Item>(found: Promise<readonly Item[]>): Promise<readonly Item[]> {
    const items = await found;
    counts.reads += Math.max(1, items.length);
    return items;
  }
  return { ledger: counting, counts };
}
