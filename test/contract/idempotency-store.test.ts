import { createMemoryIdempotencyStore, createSqliteIdempotencyStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { idempotencyStoreContract } from './idempotency-store.contract.ts';

idempotencyStoreContract('createMemoryIdempotencyStore', createMemoryIdempotencyStore);
idempotencyStoreContract('createSqliteIdempotencyStore', () =>
  createSqliteIdempotencyStore({ database: databaseOnDisk() }),
);
