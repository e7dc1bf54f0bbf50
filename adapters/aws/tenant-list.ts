import { createDynamoTable, type DynamoDeps } from './dynamo-table.ts';

/** Who has ever been served. The sweeper asks for each of them; nothing else may reach from one tenant to another. */
export interface TenantList {
  /** Adding one that is there changes nothing. */
  add(tenant: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

/** The one partition that belongs to no tenant. It holds names and nothing more. */
const PARTITION = 'TENANTS';

export function createDynamoTenantList({ client, table: place }: Pick<DynamoDeps, 'client' | 'table'>): TenantList {
  const table = createDynamoTable({ client, table: place });
  return {
    add: async (tenant) => {
      await table.put({ pk: PARTITION, sk: tenant, kind: 'tenant' }, undefined);
    },
    list: async () => (await table.list({ pk: PARTITION, sk: '' })).map(({ sk }) => sk),
  };
}
