import type { AgentTypeStore, RegisteredAgentType } from '../../core/ports/index.ts';
import type { Database } from './open-database.ts';
import { prepareRecordQuery } from './record-query.ts';

export function createSqliteAgentTypeStore({ database }: { database: Database }): AgentTypeStore {
  const put = database.prepare('INSERT OR REPLACE INTO agent_types (name, record) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM agent_types WHERE name = ?');
  const one = prepareRecordQuery<RegisteredAgentType>(database, 'SELECT record FROM agent_types WHERE name = ?');
  const all = prepareRecordQuery<RegisteredAgentType>(database, 'SELECT record FROM agent_types ORDER BY name');
  return {
    put: async (type) => {
      await database.write(() => put.run(type.agentType.name, JSON.stringify(type)));
    },
    find: async (name) => one.find(name),
    list: async () => all.list(),
    remove: async (name) => Number(await database.write(() => remove.run(name).changes)) > 0,
  };
}
