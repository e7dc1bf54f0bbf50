import type { ApiKey, ApiKeyStore } from '../../core/ports/index.ts';
import { recordsIn } from './dynamo-records.ts';
import { createDynamoTable, type DynamoDeps } from './dynamo-table.ts';
import { createKeys } from './keys.ts';

/** A key whose time is over stays in the list until it is removed, so no TTL takes it away. */
export function createDynamoApiKeyStore({ client, table: place, tenant }: DynamoDeps): ApiKeyStore {
  const table = createDynamoTable({ client, table: place });
  const apiKeys = recordsIn<ApiKey>(table);
  const keys = createKeys(tenant);
  return {
    put: async (apiKey) => {
      await table.put({ ...keys.apiKey(apiKey.id), kind: 'api_key', record: JSON.stringify(apiKey) }, undefined);
    },
    find: (id) => apiKeys.find(keys.apiKey(id)),
    list: () => apiKeys.list(keys.apiKeys()),
    remove: async (id) => (await table.remove(keys.apiKey(id))) !== undefined,
  };
}
