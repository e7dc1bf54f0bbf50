import { createMemoryBlobStore, createSqliteBlobStore } from '../../adapters/embedded/index.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';
import { blobStoreContract } from './blob-store.contract.ts';

blobStoreContract('createMemoryBlobStore', createMemoryBlobStore);
blobStoreContract('createSqliteBlobStore', () => createSqliteBlobStore({ database: databaseOnDisk() }));
