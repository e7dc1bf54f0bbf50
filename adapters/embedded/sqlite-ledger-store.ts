import {
  controlPlace,
  type BusEvent,
  type ControlRecord,
  type ExecutionRecord,
  type LimitRecord,
  type SkeinEvent,
  type TaskRecord,
} from '../../core/execution/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { createMirroredLedgerStore, type OwnedLedger, type StoredLedger } from './mirrored-ledger-store.ts';
import type { Database } from './open-database.ts';
import { prepareRecordQuery } from './record-query.ts';
import { createSqliteLedgerJournal } from './sqlite-ledger-journal.ts';

/** The ledger in a database: the owner's, with what is open in memory; else what the owner has made durable, for looking only. */
export function createSqliteLedgerStore({ database }: { database: Database }): OwnedLedger {
  const stored = createReads(database);
  if (database.mode === 'owner') return createMirroredLedgerStore(createSqliteLedgerJournal({ database }), stored);
  return {
    ...stored,
    commit: () => database.write(() => 'conflict'),
    durable: async () => undefined,
    forgetControls: () => undefined,
  };
}

function createReads(database: Database): StoredLedger {
  const executions = prepareRecordQuery<ExecutionRecord>(database, 'SELECT record FROM executions WHERE id = ?');
  const task = prepareRecordQuery<TaskRecord>(database, 'SELECT record FROM tasks WHERE execution = ? AND path = ?');
  const tasks = prepareRecordQuery<TaskRecord>(database, 'SELECT record FROM tasks WHERE execution = ? ORDER BY path');
  const limits = prepareRecordQuery<LimitRecord>(
    database,
    'SELECT record FROM limits WHERE execution = ? AND name = ?',
  );
  const events = prepareRecordQuery<SkeinEvent>(
    database,
    'SELECT record FROM events WHERE execution = ? ORDER BY lamport, path, n',
  );
  const busEvents = prepareRecordQuery<BusEvent>(
    database,
    'SELECT record FROM bus_events WHERE type = ? AND time >= ? ORDER BY time, id',
  );
  const open = database.prepare('SELECT id FROM executions WHERE open = 1 ORDER BY started_at, id');

  return {
    findExecution: async (id) => executions.find(id),
    findTask: async (execution, path) => task.find(execution, path),
    findTasks: async (execution, paths) => paths.map((path) => task.find(execution, path)),
    listTasks: async (execution) => tasks.list(execution),
    findLimit: async (execution, limit) => limits.find(execution, limit),
    ...prepareControls(database),
    listWatches: prepareListWatches(database),
    listParked: prepareListParked(database),
    listBusEvents: async (type, since) => busEvents.list(type, since),
    listEvents: async (execution) => events.list(execution),
    listOpenExecutions: async () => database.read(() => open.all()).map((row) => executionId(String(row.id))),
  };
}

function prepareControls(database: Database): Pick<LedgerStore, 'findControl' | 'listControls'> {
  const one = prepareRecordQuery<ControlRecord>(database, 'SELECT record FROM controls WHERE folder = ? AND name = ?');
  const all = prepareRecordQuery<ControlRecord>(database, 'SELECT record FROM controls WHERE folder = ? ORDER BY name');
  return {
    findControl: async (key) => {
      const { folder, name } = controlPlace(key);
      return one.find(folder, name);
    },
    listControls: async (folder) => all.list(folder),
  };
}

function prepareListWatches(database: Database): LedgerStore['listWatches'] {
  const watches = database.prepare(
    'SELECT consumer FROM watches WHERE execution = ? AND producer = ? ORDER BY consumer',
  );
  return async (execution, producer) => {
    const rows = database.read(() => watches.all(execution, producer));
    return rows.map((row) => ({ execution, producer, consumer: taskPath(String(row.consumer)) }));
  };
}

function prepareListParked(database: Database): LedgerStore['listParked'] {
  const parked = database.prepare(
    'SELECT execution, path, arrival FROM parked WHERE key = ? ORDER BY arrival, path, execution LIMIT ?',
  );
  return async (key, limit) => {
    const rows = database.read(() => parked.all(key, limit));
    return rows.map((row) => ({
      key,
      execution: executionId(String(row.execution)),
      path: taskPath(String(row.path)),
      arrival: Number(row.arrival),
    }));
  };
}
