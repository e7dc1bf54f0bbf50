import { createMemoryLedgerStore, createSqliteLedgerStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { entryContract } from './entry.contract.ts';

entryContract('createMemoryLedgerStore', createMemoryLedgerStore);
entryContract('createSqliteLedgerStore', () => createSqliteLedgerStore({ database: databaseOnDisk() }));
