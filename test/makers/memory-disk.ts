import { createMemoryLedgerStore, executionOf, type LedgerJournal } from '../../adapters/embedded/index.ts';
import { isTerminal } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';

/** What is durable outlives the processes that write it: commits, in their order. */
export interface MemoryDisk {
  /** What is durable. */
  readonly ledger: LedgerStore;
  write(commit: readonly LedgerWrite[]): void;
  readonly loads: Omit<LedgerJournal, 'append'>;
}

export function createMemoryDisk(): MemoryDisk {
  const ledger = createMemoryLedgerStore();
  const log: LedgerWrite[] = [];
  const of = (id: ExecutionId) => log.filter((write) => executionOf(write) === id);
  return {
    ledger,
    write: (commit) => {
      log.push(...commit);
      void ledger.commit(commit);
    },
    loads: {
      isOpen: (id) => {
        const last = of(id).findLast(({ kind }) => kind === 'execution');
        return last?.kind === 'execution' && !isTerminal(last.record.status);
      },
      load: (id) => of(id).filter(({ kind }) => kind !== 'park' && kind !== 'unpark' && kind !== 'event'),
      loadEventNumbers: (id) =>
        of(id).flatMap((write) => (write.kind === 'event' ? [[write.event.path, write.event.n]] : [])),
      loadParked: () => log.filter(({ kind }) => kind === 'park' || kind === 'unpark'),
      hasBusEvent: (id) => log.some((write) => write.kind === 'bus_event' && write.event.id === id),
    },
  };
}
