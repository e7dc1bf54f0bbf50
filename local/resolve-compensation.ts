import { createSecret } from '../adapters/embedded/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { recordResolution, type Resolving } from '../engine/index.ts';
import { openOwnedStores } from './stores.ts';

/**
 * Records what an operator wants done about something that was not undone. The execution goes on when it is resumed. Throws ConflictError
 * (`not_left`; `database_owned` while another process runs executions), NotFoundError (`execution_not_found`), and what opening the database throws.
 */
export async function resolveCompensationOf(database: string, execution: ExecutionId, asked: Resolving): Promise<void> {
  const stores = await openOwnedStores(database, createSecret);
  try {
    const commit = async (writes: Parameters<typeof stores.ledger.commit>[0]) =>
      (await stores.ledger.commit(writes)) === 'committed';
    await recordResolution(stores, execution, asked, commit);
    await stores.ledger.durable();
  } finally {
    stores.close();
  }
}
