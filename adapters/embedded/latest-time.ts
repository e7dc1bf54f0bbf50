import type { Database } from './open-database.ts';

/**
 * The latest moment (epoch milliseconds) that the database tells of, as far as what comes may have to come after it: the events of
 * executions that have not ended, the events of the coordination bus, the starts of executions. 0 where there is none.
 */
export function latestTime(database: Database): number {
  const latest = database.prepare(`
    SELECT MAX(time) AS time FROM (
      SELECT MAX(json_extract(record, '$.time')) AS time FROM events WHERE execution IN (SELECT id FROM executions WHERE open = 1)
      UNION ALL SELECT MAX(time) FROM bus_events
      UNION ALL SELECT MAX(started_at) FROM views)`);
  return Math.ceil(Number(database.read(() => latest.get()?.['time'] ?? 0)));
}
