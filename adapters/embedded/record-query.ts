import { parseJson } from '../../core/json/index.ts';
import type { Database } from './open-database.ts';

export interface RecordQuery<T> {
  find(...values: (string | number)[]): T | undefined;
  list(...values: (string | number)[]): T[];
}

/** A query whose rows have one column that matters, `record`: JSON text of a T. */
export function prepareRecordQuery<T>(database: Database, sql: string): RecordQuery<T> {
  const statement = database.prepare(sql);
  // A casting boundary: the Sqlite stores write these columns and nobody else does.
  const decode = (record: unknown): T => parseJson(String(record)) as T;
  return {
    find: (...values) => {
      const row = database.read(() => statement.get(...values));
      return row === undefined ? undefined : decode(row.record);
    },
    list: (...values) => database.read(() => statement.all(...values)).map((row) => decode(row.record)),
  };
}
