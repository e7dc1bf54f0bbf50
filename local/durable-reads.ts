import type { LedgerStore } from '../core/ports/index.ts';

/** For those who tell others what they read: it is durable by then, and no crash takes it back. */
export function durableReads(ledger: LedgerStore): LedgerStore {
  const told = async <Found>(reading: Promise<Found>): Promise<Found> => {
    const found = await reading;
    await ledger.durable();
    return found;
  };
  return {
    commit: (writes) => ledger.commit(writes),
    durable: () => ledger.durable(),
    findExecution: (id) => told(ledger.findExecution(id)),
    findTask: (id, path) => told(ledger.findTask(id, path)),
    findTasks: (id, paths) => told(ledger.findTasks(id, paths)),
    findLimit: (id, limit) => told(ledger.findLimit(id, limit)),
    findControl: (key) => told(ledger.findControl(key)),
    listControls: (folder) => told(ledger.listControls(folder)),
    listTasks: (id) => told(ledger.listTasks(id)),
    listWatches: (id, producer) => told(ledger.listWatches(id, producer)),
    listParked: (key, limit) => told(ledger.listParked(key, limit)),
    listBusEvents: (type, since) => told(ledger.listBusEvents(type, since)),
    listEvents: (id) => told(ledger.listEvents(id)),
    listOpenExecutions: () => told(ledger.listOpenExecutions()),
  };
}
