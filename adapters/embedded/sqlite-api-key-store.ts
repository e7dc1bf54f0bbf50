import type { ApiKey, ApiKeyStore } from '../../core/ports/index.ts';
import type { Database } from './open-database.ts';
import { prepareRecordQuery } from './record-query.ts';

export function createSqliteApiKeyStore({ database }: { database: Database }): ApiKeyStore {
  const put = database.prepare('INSERT OR REPLACE INTO api_keys (id, record) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM api_keys WHERE id = ?');
  const one = prepareRecordQuery<ApiKey>(database, 'SELECT record FROM api_keys WHERE id = ?');
  const all = prepareRecordQuery<ApiKey>(database, 'SELECT record FROM api_keys ORDER BY id');
  return {
    put: async (key) => {
      await database.write(() => put.run(key.id, JSON.stringify(key)));
    },
    find: async (id) => one.find(id),
    list: async () => all.list(),
    remove: async (id) => Number(await database.write(() => remove.run(id).changes)) > 0,
  };
}
