import { createSecret, findOwner, resetBreakerAtOwner } from '../adapters/embedded/index.ts';
import { findBreaker, recordReset } from '../engine/index.ts';
import { openOwnedStores } from './stores.ts';

/**
 * Closes a breaker of a database: by the process that owns it, or in its ledger. `isLeft`: no process runs executions now, and whoever
 * has waited for it goes on when it is resumed. Throws ConflictError (`database_owned`) while an owner has not said yet where it listens,
 * and what opening the database throws.
 */
export async function resetBreaker(database: string, agent: string, by: string): Promise<{ readonly isLeft: boolean }> {
  const owner = findOwner(database);
  if (owner) {
    await resetBreakerAtOwner(owner, agent, by);
    return { isLeft: false };
  }
  const stores = await openOwnedStores(database, createSecret);
  try {
    const { status } = await findBreaker(stores, agent);
    await recordReset(stores, agent, by);
    await stores.ledger.durable();
    return { isLeft: status !== 'closed' };
  } finally {
    stores.close();
  }
}
