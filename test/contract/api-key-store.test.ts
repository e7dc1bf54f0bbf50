import { createMemoryApiKeyStore, createSqliteApiKeyStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { apiKeyStoreContract } from './api-key-store.contract.ts';

apiKeyStoreContract('createMemoryApiKeyStore', createMemoryApiKeyStore);
apiKeyStoreContract('createSqliteApiKeyStore', () => createSqliteApiKeyStore({ database: databaseOnDisk() }));
