import { createMirroredLedgerStore } from '../../adapters/embedded/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import type { Stores } from '../../local/index.ts';
import type { MemoryDisk } from './memory-disk.ts';

export interface DyingStores extends Stores {
  /** Commits so far. */
  commits(): number;
  isDead(): boolean;
  /** Is something not durable yet? */
  isBusy(): boolean;
}

const never = new Promise<never>(() => undefined);

/**
 * The stores of a process that dies with its n-th commit. Commits become durable at the end of a turn of the event loop; of those that
 * are not when it dies, some are all the same, and nobody has heard of it.
 */
export function createDyingStores(stores: Omit<Stores, 'ledger'>, disk: MemoryDisk, lastCommit: number): DyingStores {
  let commits = 0;
  let pending: (readonly LedgerWrite[])[] = [];
  let flushed = Promise.withResolvers<undefined>();
  const isDead = () => commits >= lastCommit;
  const flush = () => {
    if (isDead()) return;
    for (const commit of pending) disk.write(commit);
    pending = [];
    flushed.resolve(undefined);
    flushed = Promise.withResolvers<undefined>();
  };
  const append = (writes: readonly LedgerWrite[]): Promise<void> => {
    if (isDead()) return never;
    commits += 1;
    if (pending.length === 0) setImmediate(flush);
    pending.push(writes);
    // The n-th commit is written by half of the deaths, and with it all before it.
    const kept = lastCommit % 2 === 0 ? pending.length : Math.floor(pending.length / 2);
    if (isDead()) for (const commit of pending.slice(0, kept)) disk.write(commit);
    return flushed.promise;
  };
  return {
    ...stores,
    ledger: createMirroredLedgerStore({ ...disk.loads, append }, disk.ledger),
    views: { ...stores.views, put: (view) => (isDead() ? never : stores.views.put(view)) },
    commits: () => commits,
    isDead,
    isBusy: () => pending.length > 0 && !isDead(),
  };
}
