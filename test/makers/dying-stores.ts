import { createMirroredLedgerStore } from '../../adapters/embedded/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import type { Stores } from '../../local/index.ts';
import type { MemoryDisk } from './memory-disk.ts';
import { never, type Mortality } from './mortality.ts';

export interface DyingStores extends Stores {
  /** Is something not durable yet? */
  isBusy(): boolean;
  /** Commits that were accepted and were not durable when it died. */
  loose(): number;
}

const kept = { none: 0, half: 0.5, all: 1 } as const;

/**
 * The stores of a process that dies. What is queued in one turn of the event loop is a group of commits; the disk takes a turn for it, and
 * what comes meanwhile is the next group.
 */
export function createDyingStores(stores: Omit<Stores, 'ledger'>, disk: MemoryDisk, mortality: Mortality): DyingStores {
  const { pass, during, isDead } = mortality;
  const journal = createDyingJournal(disk, mortality);
  return {
    ...stores,
    ledger: createMirroredLedgerStore({ ...disk.loads, append: journal.append }, disk.ledger),
    views: { ...stores.views, put: (view) => during('view', () => stores.views.put(view)) },
    blobs: { ...stores.blobs, put: (text) => during('blob', () => stores.blobs.put(text)) },
    definitions: {
      ...stores.definitions,
      publish: (workflow) => during('definition', () => stores.definitions.publish(workflow)),
    },
    isBusy: () => journal.isBusy() && !isDead(),
    loose: journal.loose,
  };

  function createDyingJournal({ write }: MemoryDisk, { death, onDeath }: Mortality) {
    let queued: (readonly LedgerWrite[])[] = [];
    let writing: (readonly LedgerWrite[])[] = [];
    let flushed = Promise.withResolvers<undefined>();
    let loose = 0;
    onDeath(() => {
      const all = [...writing, ...queued];
      loose = all.length;
      all.slice(0, Math.floor(all.length * kept[death.keeps])).forEach(write);
    });
    const begin = () => {
      if (queued.length === 0 || !pass('before a group of commits')) return;
      const waiting = flushed;
      [writing, queued, flushed] = [queued, [], Promise.withResolvers<undefined>()];
      setImmediate(() => {
        if (isDead()) return;
        writing.forEach(write);
        writing = [];
        if (!pass('after a group of commits')) return;
        waiting.resolve(undefined);
        begin();
      });
    };
    const append = (writes: readonly LedgerWrite[]): Promise<void> => {
      if (!pass('before a commit')) return never;
      if (queued.length === 0 && writing.length === 0) setImmediate(begin);
      queued.push(writes);
      return pass('after a commit') ? flushed.promise : never;
    };
    return { append, isBusy: () => queued.length + writing.length > 0, loose: () => loose };
  }
}
