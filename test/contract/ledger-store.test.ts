import { createMemoryLedgerStore, createSqliteLedgerStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { ledgerStoreContract } from './ledger-store.contract.ts';

ledgerStoreContract('createMemoryLedgerStore', createMemoryLedgerStore);
ledgerStoreContract('createSqliteLedgerStore', () => createSqliteLedgerStore({ database: databaseOnDisk() }));
