import { cancelAtOwner, findOwner, pauseAtOwner, unpauseAtOwner } from '../adapters/embedded/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { Paused, PauseRequest } from '../engine/index.ts';

// What is asked of the process that runs an execution. Nobody is asked where no other process owns the database, or it has not said
// yet where it listens. Each throws what the owner's engine throws.

/** False: nobody was asked. */
export async function cancelElsewhere(database: string, execution: ExecutionId, by: string): Promise<boolean> {
  const owner = findOwner(database);
  if (!owner) return false;
  await cancelAtOwner(owner, execution, by);
  return true;
}

/** Undefined: nobody was asked. */
export async function pauseElsewhere(
  database: string,
  execution: ExecutionId,
  request: PauseRequest,
): Promise<Paused | undefined> {
  const owner = findOwner(database);
  return owner && pauseAtOwner(owner, execution, request);
}

/** False: nobody was asked. */
export async function unpauseElsewhere(database: string, execution: ExecutionId, by: string): Promise<boolean> {
  const owner = findOwner(database);
  if (!owner) return false;
  await unpauseAtOwner(owner, execution, by);
  return true;
}
