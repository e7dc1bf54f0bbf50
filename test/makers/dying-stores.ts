import type { Stores } from '../../local/index.ts';

export interface DyingStores extends Stores {
  /** Commits so far. */
  commits(): number;
  isDead(): boolean;
}

const never = new Promise<never>(() => undefined);

/** The stores of a process that dies with its n-th commit: that one is written, but nobody hears of it any more. */
export function createDyingStores(stores: Stores, lastCommit: number): DyingStores {
  let commits = 0;
  const isDead = () => commits >= lastCommit;
  return {
    ...stores,
    ledger: {
      ...stores.ledger,
      commit: async (writes) => {
        if (isDead()) return never;
        commits += 1;
        const result = await stores.ledger.commit(writes);
        // Another commit may have been the last one meanwhile.
        return isDead() ? never : result;
      },
    },
    views: { ...stores.views, put: (view) => (isDead() ? never : stores.views.put(view)) },
    commits: () => commits,
    isDead,
  };
}
