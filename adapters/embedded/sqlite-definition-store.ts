import type { DefinitionStore, PublishedWorkflow } from '../../core/ports/index.ts';
import type { Database } from './open-database.ts';
import { prepareRecordQuery } from './record-query.ts';
import { versionExists } from './version-exists.ts';

export function createSqliteDefinitionStore({ database }: { database: Database }): DefinitionStore {
  const put = database.prepare('INSERT OR IGNORE INTO definitions (name, version, digest, record) VALUES (?, ?, ?, ?)');
  const digestOf = database.prepare('SELECT digest FROM definitions WHERE name = ? AND version = ?');
  const published = prepareRecordQuery<PublishedWorkflow>(
    database,
    'SELECT record FROM definitions WHERE name = ? AND version = ?',
  );
  return {
    publish: async (workflow) => {
      const { name, version, digest } = workflow;
      const record = JSON.stringify(workflow);
      await database.write(() => {
        put.run(name, version, digest, record);
        if (digestOf.get(name, version)?.digest !== digest) throw versionExists(workflow);
      });
    },
    find: async (name, version) => published.find(name, version),
  };
}
