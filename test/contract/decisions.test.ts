import { createMemoryLedgerStore, createSqliteLedgerStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { decisionsContract } from './decisions.contract.ts';

decisionsContract('createMemoryLedgerStore', createMemoryLedgerStore);
decisionsContract('createSqliteLedgerStore', () => createSqliteLedgerStore({ database: databaseOnDisk() }));
