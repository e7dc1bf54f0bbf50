import { createMemoryDefinitionStore, createSqliteDefinitionStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { definitionStoreContract } from './definition-store.contract.ts';

definitionStoreContract('createMemoryDefinitionStore', createMemoryDefinitionStore);
definitionStoreContract('createSqliteDefinitionStore', () =>
  createSqliteDefinitionStore({ database: databaseOnDisk() }),
);
