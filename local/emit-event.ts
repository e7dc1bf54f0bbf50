import { createEventId, createSecret, findOwner, publishAtOwner } from '../adapters/embedded/index.ts';
import type { NewBusEvent } from '../core/execution/index.ts';
import { recordEvent } from '../engine/index.ts';
import { openOwnedStores } from './stores.ts';

/** What became of an event from outside. */
export interface Emission {
  readonly id: string;
  /** False: no process runs executions now. Who waits for the event finds it when its execution is resumed. */
  readonly isHeard: boolean;
}

/**
 * Publishes an event on the coordination bus of a database: by the process that owns it, or into its ledger. Resolves once the
 * event is durable; one with the id of an earlier one changes nothing. Throws ConflictError (`database_owned`) while an owner has
 * not said yet where it listens, what the owner answers, and what opening the database throws.
 */
export async function emitEvent(
  database: string,
  { id = createEventId(), ...rest }: Omit<NewBusEvent, 'id'> & { readonly id?: string },
): Promise<Emission> {
  const event = { id, ...rest };
  const owner = findOwner(database);
  if (owner) {
    await publishAtOwner(owner, event);
    return { id, isHeard: true };
  }
  const stores = await openOwnedStores(database, createSecret);
  try {
    await recordEvent(stores, event);
    await stores.ledger.durable();
    return { id, isHeard: false };
  } finally {
    stores.close();
  }
}
