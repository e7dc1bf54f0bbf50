import { createSecret, createSystemIds, findOwner, interveneAtOwner } from '../adapters/embedded/index.ts';
import type { ActionRequest } from '../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import { recordIntervention } from '../engine/index.ts';
import { TENANT } from './publish-workflow.ts';
import { openOwnedStores } from './stores.ts';

/**
 * Acts on a task of a database by hand: by the process that owns it, or in its ledger. `isHeard` false: no process runs executions now, and
 * the execution goes on when it is resumed. Throws ConflictError (`database_owned`) while an owner has not said yet where it listens, what the
 * engine throws, and what opening the database throws.
 */
export async function actOnTask(
  database: string,
  place: { readonly execution: ExecutionId; readonly path: TaskPath },
  asked: ActionRequest,
): Promise<{ readonly at: number; readonly isHeard: boolean }> {
  const owner = findOwner(database);
  if (owner) return { ...(await interveneAtOwner(owner, place, asked)), isHeard: true };
  const stores = await openOwnedStores(database, createSecret);
  try {
    const ids = createSystemIds({ clock: stores.clock });
    const { at } = await recordIntervention({ ...stores, ids, tenant: TENANT }, place, asked);
    return { at, isHeard: false };
  } finally {
    stores.close();
  }
}
