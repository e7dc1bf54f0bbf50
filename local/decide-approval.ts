import { createSecret, createSystemIds, decideAtOwner, findOwner } from '../adapters/embedded/index.ts';
import type { Decision } from '../core/execution/index.ts';
import type { ApprovalId } from '../core/ids/index.ts';
import { recordDecision } from '../engine/index.ts';
import { TENANT } from './publish-workflow.ts';
import { openOwnedStores } from './stores.ts';

/**
 * Decides an approval of a database: by the process that owns it, or into its ledger. `isHeard` false: no process runs executions
 * now, and the execution goes on when it is resumed. Throws ConflictError (`database_owned`) while an owner has not said yet where it
 * listens, what the engine throws, and what opening the database throws.
 */
export async function decideApproval(
  database: string,
  approval: ApprovalId,
  decision: Decision,
): Promise<{ readonly isHeard: boolean }> {
  const owner = findOwner(database);
  if (owner) {
    await decideAtOwner(owner, approval, decision);
    return { isHeard: true };
  }
  const stores = await openOwnedStores(database, createSecret);
  try {
    const ids = createSystemIds({ clock: stores.clock });
    await recordDecision({ ...stores, ids, tenant: TENANT }, approval, decision);
    return { isHeard: false };
  } finally {
    stores.close();
  }
}
