import { cancelAtOwner, findOwner } from '../adapters/embedded/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';

/**
 * Has an execution cancelled by the process that runs it. False: no other process owns the database, or it has not said yet
 * where it listens. Throws what the owner's engine throws.
 */
export async function cancelElsewhere(database: string, execution: ExecutionId, by: string): Promise<boolean> {
  const owner = findOwner(database);
  if (!owner) return false;
  await cancelAtOwner(owner, execution, by);
  return true;
}
