import type { AgentTypeStore, RegisteredAgentType } from '../../core/ports/index.ts';
import { recordsIn } from './dynamo-records.ts';
import { createDynamoTable, type DynamoDeps } from './dynamo-table.ts';
import { createKeys } from './keys.ts';

export function createDynamoAgentTypeStore({ client, table: place, tenant }: DynamoDeps): AgentTypeStore {
  const table = createDynamoTable({ client, table: place });
  const types = recordsIn<RegisteredAgentType>(table);
  const keys = createKeys(tenant);
  return {
    put: async (registered) => {
      const key = keys.agentType(registered.agentType.name);
      await table.put({ ...key, kind: 'agent_type', record: JSON.stringify(registered) }, undefined);
    },
    find: (name) => types.find(keys.agentType(name)),
    list: () => types.list(keys.agentTypes()),
    remove: async (name) => (await table.remove(keys.agentType(name))) !== undefined,
  };
}
