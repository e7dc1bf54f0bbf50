import { createMemoryViewStore, createSqliteViewStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { viewStoreContract } from './view-store.contract.ts';

viewStoreContract('createMemoryViewStore', createMemoryViewStore);
viewStoreContract('createSqliteViewStore', () => createSqliteViewStore({ database: databaseOnDisk() }));
