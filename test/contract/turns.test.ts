import { createMemoryLedgerStore, createSqliteLedgerStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { turnsContract } from './turns.contract.ts';

turnsContract('createMemoryLedgerStore', createMemoryLedgerStore);
turnsContract('createSqliteLedgerStore', () => createSqliteLedgerStore({ database: databaseOnDisk() }));
