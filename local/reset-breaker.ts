import { createSecret, findOwner, resetBreakerAtOwner } from '../adapters/embedded/index.ts';
import { recordReset } from '../engine/index.ts';
import { openOwnedStores } from './stores.ts';

/**
 * Closes a breaker of a database: by the process that owns it, or in its ledger. `isHeard` false: no process runs executions now, and
 * whoever waits goes on when it is resumed. Throws ConflictError (`database_owned`) while an owner has not said yet where it listens,
 * and what opening the database throws.
 */
export async function resetBreaker(
  database: string,
  agent: string,
  by: string,
): Promise<{ readonly isHeard: boolean }> {
  const owner = findOwner(database);
  if (owner) {
    await resetBreakerAtOwner(owner, agent, by);
    return { isHeard: true };
  }
  const stores = await openOwnedStores(database, createSecret);
  try {
    await recordReset(stores, agent, by);
    await stores.ledger.durable();
    return { isHeard: false };
  } finally {
    stores.close();
  }
}
