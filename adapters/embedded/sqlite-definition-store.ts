import type { DefinitionStore, PublishedVersion, PublishedWorkflow } from '../../core/ports/index.ts';
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
  // Read from the records: versions are few, and asked for by people and planners, not while executions run.
  const publishedAt = "json_extract(record, '$.publishedAt')";
  const isNoDraft = "json_extract(record, '$.isDraft') IS NULL";
  const latest = prepareRecordQuery<PublishedWorkflow>(
    database,
    `SELECT record FROM definitions WHERE name = ? AND ${isNoDraft} ORDER BY ${publishedAt} DESC, version DESC LIMIT 1`,
  );
  const versions = prepareRecordQuery<PublishedVersion>(
    database,
    `SELECT json_object('name', name, 'version', version, 'digest', digest, 'publishedAt', ${publishedAt}) AS record
     FROM definitions WHERE ${isNoDraft} ORDER BY name, ${publishedAt}, version`,
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
    findLatest: async (name) => latest.find(name),
    list: async () => versions.list(),
  };
}
