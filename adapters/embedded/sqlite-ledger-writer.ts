import type { StatementSync } from 'node:sqlite';
import { InvariantError } from '../../core/errors/index.ts';
import { controlPlace, isTerminal, type ExecutionRecord } from '../../core/execution/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import type { Database } from './open-database.ts';

/**
 * Writes whose conditions have been checked in memory. The statements refuse all the same what is not newer than the stored record:
 * should ever two processes write, one of them fails, and nothing is overwritten.
 */
export function prepareWriter(database: Database): (write: LedgerWrite) => void {
  const putExecution = database.prepare(`
    INSERT INTO executions (revision, open, started_at, record, id) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
      revision = excluded.revision, open = excluded.open, record = excluded.record WHERE excluded.revision > revision`);
  const putTask = database.prepare(`
    INSERT INTO tasks (revision, record, execution, path) VALUES (?, ?, ?, ?) ON CONFLICT (execution, path) DO UPDATE SET
      revision = excluded.revision, record = excluded.record WHERE excluded.revision > revision`);
  const putLimit = database.prepare(`
    INSERT INTO limits (revision, record, execution, name) VALUES (?, ?, ?, ?) ON CONFLICT (execution, name) DO UPDATE SET
      revision = excluded.revision, record = excluded.record WHERE excluded.revision > revision`);
  const putControl = database.prepare(`
    INSERT INTO controls (revision, record, folder, name) VALUES (?, ?, ?, ?) ON CONFLICT (folder, name) DO UPDATE SET
      revision = excluded.revision, record = excluded.record WHERE excluded.revision > revision`);
  const putEvent = database.prepare(
    'INSERT OR IGNORE INTO events (execution, path, n, lamport, record) VALUES (?, ?, ?, ?, ?)',
  );
  const putBusEvent = database.prepare('INSERT OR IGNORE INTO bus_events (id, type, time, record) VALUES (?, ?, ?, ?)');
  const watch = database.prepare('INSERT OR IGNORE INTO watches (execution, producer, consumer) VALUES (?, ?, ?)');
  const unwatch = database.prepare('DELETE FROM watches WHERE execution = ? AND producer = ? AND consumer = ?');
  const park = database.prepare('INSERT OR IGNORE INTO parked (key, arrival, path, execution) VALUES (?, ?, ?, ?)');
  const unpark = database.prepare('DELETE FROM parked WHERE key = ? AND arrival = ? AND path = ? AND execution = ?');

  return (write) => {
    switch (write.kind) {
      case 'execution':
        return once(putExecution, ...executionRow(write.record));
      case 'task': {
        const { revision, execution, path } = write.record;
        return once(putTask, revision, JSON.stringify(write.record), execution, path);
      }
      case 'limit': {
        const { revision, execution, limit } = write.record;
        return once(putLimit, revision, JSON.stringify(write.record), execution, limit);
      }
      case 'control': {
        const { revision, key } = write.record;
        const { folder, name } = controlPlace(key);
        return once(putControl, revision, JSON.stringify(write.record), folder, name);
      }
      case 'event': {
        const { execution, path, n, lamport } = write.event;
        return once(putEvent, execution, path, n, lamport, JSON.stringify(write.event));
      }
      case 'bus_event': {
        const { id, type, time } = write.event;
        return once(putBusEvent, id, type, time, JSON.stringify(write.event));
      }
      case 'watch':
      case 'unwatch': {
        const { execution, producer, consumer } = write.watch;
        return void (write.kind === 'watch' ? watch : unwatch).run(execution, producer, consumer);
      }
      case 'park':
      case 'unpark': {
        const { key, arrival, path, execution } = write.entry;
        return void (write.kind === 'park' ? park : unpark).run(key, arrival, path, execution);
      }
    }
  };
}

function executionRow(record: ExecutionRecord): readonly (string | number)[] {
  return [record.revision, isTerminal(record.status) ? 0 : 1, record.startedAt, JSON.stringify(record), record.id];
}

function once(statement: StatementSync, ...values: readonly (string | number)[]): void {
  if (statement.run(...values).changes === 1) return;
  throw new InvariantError({
    code: 'database_changed',
    message: 'The database holds what this process, its owner, has not written.',
    hint: 'Look for another program that writes to it; then `skein resume`.',
  });
}
