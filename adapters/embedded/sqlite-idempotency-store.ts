import type { IdempotencyStore, IdempotentRequest } from '../../core/ports/index.ts';
import type { Database } from './open-database.ts';
import { prepareRecordQuery } from './record-query.ts';

export function createSqliteIdempotencyStore({ database }: { database: Database }): IdempotencyStore {
  const expire = database.prepare('DELETE FROM idempotent_requests WHERE expires_at <= ?');
  const insert = database.prepare(
    'INSERT OR IGNORE INTO idempotent_requests (key, id, expires_at, record) VALUES (?, ?, ?, ?)',
  );
  const update = database.prepare('UPDATE idempotent_requests SET expires_at = ?, record = ? WHERE key = ? AND id = ?');
  const one = prepareRecordQuery<IdempotentRequest>(database, 'SELECT record FROM idempotent_requests WHERE key = ?');
  return {
    claim: (request) =>
      database.write(() => {
        const { key, id, claimedAt, expiresAt } = request;
        // All that has expired goes with it: nothing else would ever look for it.
        expire.run(claimedAt);
        const isOurs = insert.run(key, id, expiresAt, JSON.stringify(request)).changes > 0;
        return isOurs ? undefined : one.find(key);
      }),
    put: async (request) => {
      const { key, id, expiresAt } = request;
      await database.write(() => update.run(expiresAt, JSON.stringify(request), key, id));
    },
  };
}
