import {
  createDynamoAgentTypeStore,
  createDynamoApiKeyStore,
  createDynamoDefinitionStore,
  createDynamoIdempotencyStore,
  createDynamoLedgerStore,
  createDynamoViewStore,
  createS3BlobStore,
  createS3Objects,
} from '../../../adapters/aws/index.ts';
import { agentTypeStoreContract } from '../../contract/agent-type-store.contract.ts';
import { apiKeyStoreContract } from '../../contract/api-key-store.contract.ts';
import { definitionStoreContract } from '../../contract/definition-store.contract.ts';
import { idempotencyStoreContract } from '../../contract/idempotency-store.contract.ts';
import { ledgerStoreContract } from '../../contract/ledger-store.contract.ts';
import { viewStoreContract } from '../../contract/view-store.contract.ts';
import { anS3Server } from '../../makers/an-s3-server.ts';
import { aTable } from './a-table.ts';

const table = aTable();
const s3 = anS3Server();
const bucketOf = (tenant: string) => ({ client: s3.client(), bucket: s3.bucket, tenant });

ledgerStoreContract('createDynamoLedgerStore', () => createDynamoLedgerStore(table.deps()), 16);
definitionStoreContract('createDynamoDefinitionStore', () => {
  const deps = table.deps();
  return createDynamoDefinitionStore({ ...deps, blobs: createS3BlobStore(bucketOf(deps.tenant)) });
});
viewStoreContract('createDynamoViewStore', () => {
  const deps = table.deps();
  return createDynamoViewStore({ ...deps, objects: createS3Objects(bucketOf(deps.tenant)) });
});
agentTypeStoreContract('createDynamoAgentTypeStore', () => createDynamoAgentTypeStore(table.deps()));
apiKeyStoreContract('createDynamoApiKeyStore', () => createDynamoApiKeyStore(table.deps()));
idempotencyStoreContract('createDynamoIdempotencyStore', () => createDynamoIdempotencyStore(table.deps()));
