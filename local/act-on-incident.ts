import { closeIncidentAtOwner, createSecret, findOwner, redriveAtOwner } from '../adapters/embedded/index.ts';
import { closeIncident } from '../engine/index.ts';
import { openLaptop } from './laptop.ts';
import { openOwnedStores } from './stores.ts';

/**
 * Sends the letter of an incident of a database again: through the process that owns it, or through an engine that lives only for that.
 * `isLeft`: no process runs executions now, and what follows from it follows when they are resumed. Throws NotFoundError
 * (`incident_not_found`), ConflictError (`incident_closed`, `not_redrivable`; `database_owned` while an owner has not said yet where it
 * listens), and what opening the database throws.
 */
export async function redriveIncidentOf(
  database: string,
  id: string,
  by: string,
): Promise<{ readonly isLeft: boolean }> {
  const owner = findOwner(database);
  if (owner) {
    await redriveAtOwner(owner, id, by);
    return { isLeft: false };
  }
  const laptop = await openLaptop({ database });
  try {
    await laptop.runtime.redriveIncident(id, by);
    return { isLeft: true };
  } finally {
    await laptop.close();
  }
}

/** As above, to close one. */
export async function closeIncidentOf(
  database: string,
  id: string,
  asked: { readonly by: string; readonly why?: string },
): Promise<void> {
  const owner = findOwner(database);
  if (owner) return closeIncidentAtOwner(owner, id, asked);
  const stores = await openOwnedStores(database, createSecret);
  try {
    await closeIncident(stores, id, asked);
    await stores.ledger.durable();
  } finally {
    stores.close();
  }
}
