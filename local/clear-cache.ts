import { clearCacheAtOwner, createSecret, findOwner } from '../adapters/embedded/index.ts';
import { clearCache as clear, type CacheClearing } from '../engine/index.ts';
import { openOwnedStores } from './stores.ts';

/**
 * Takes answers out of the cache of a database: by the process that owns it, or in its ledger. Answers how many. Throws ConflictError
 * (`database_owned`) while an owner has not said yet where it listens, and what opening the database throws.
 */
export async function clearCache(database: string, clearing: CacheClearing): Promise<number> {
  const owner = findOwner(database);
  if (owner) return clearCacheAtOwner(owner, clearing);
  const stores = await openOwnedStores(database, createSecret);
  try {
    const cleared = await clear(stores, clearing);
    await stores.ledger.durable();
    return cleared;
  } finally {
    stores.close();
  }
}
