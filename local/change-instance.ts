import { changeInstanceAtOwner, createSecret, findOwner } from '../adapters/embedded/index.ts';
import { recordInstance, type InstanceChange } from '../engine/index.ts';
import { openOwnedStores } from './stores.ts';

/**
 * Drains an instance of a pool of a database, or opens it again: by the process that owns it, or in its ledger. `isHeard` false: no process runs
 * executions now, and whoever waits goes on when it is resumed. Throws NotFoundError (`pool_not_found`, `instance_not_found`),
 * ConflictError (`database_owned`) while an owner has not said yet where it listens, and what opening the database throws.
 */
export async function changeInstance(database: string, change: InstanceChange): Promise<{ readonly isHeard: boolean }> {
  const owner = findOwner(database);
  if (owner) {
    await changeInstanceAtOwner(owner, change);
    return { isHeard: true };
  }
  const stores = await openOwnedStores(database, createSecret);
  try {
    await recordInstance(stores, change);
    await stores.ledger.durable();
    return { isHeard: false };
  } finally {
    stores.close();
  }
}
