import type { LedgerStore } from '../core/ports/index.ts';

/** For those who tell others what they read: it is durable by then, and no crash takes it back. */
export function durableReads(ledger: LedgerStore): LedgerStore {
  const told =
    <Asked extends readonly unknown[], Found>(read: (...asked: Asked) => Promise<Found>) =>
    async (...asked: Asked): Promise<Found> => {
      const found = await read(...asked);
      await ledger.durable();
      return found;
    };
  return {
    commit: ledger.commit,
    durable: ledger.durable,
    findExecution: told(ledger.findExecution),
    findTask: told(ledger.findTask),
    findTasks: told(ledger.findTasks),
    findLimit: told(ledger.findLimit),
    listTasks: told(ledger.listTasks),
    listWatches: told(ledger.listWatches),
    listParked: told(ledger.listParked),
    listBusEvents: told(ledger.listBusEvents),
    listEvents: told(ledger.listEvents),
    listOpenExecutions: told(ledger.listOpenExecutions),
  };
}
