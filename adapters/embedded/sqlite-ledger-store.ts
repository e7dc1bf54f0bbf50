import type { StatementSync } from 'node:sqlite';
import {
  isTerminal,
  type BusEvent,
  type ExecutionRecord,
  type LimitRecord,
  type SkeinEvent,
  type TaskRecord,
} from '../../core/execution/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import { requireOneCommit } from './ledger-item.ts';
import type { Database } from './open-database.ts';
import { prepareRecordQuery } from './record-query.ts';

/** One write of a commit, ready to run. False: its condition does not hold. */
type Step = () => boolean;

/** The ledger in the owner's database. Its reads are strong because they and all writes go through one connection. */
export function createSqliteLedgerStore({ database }: { database: Database }): LedgerStore {
  const statements = prepareWrites(database);
  return {
    ...createReads(database),
    commit: async (writes) => {
      requireOneCommit(writes);
      // Encoded now: what the caller does to its objects while they are queued changes nothing.
      const steps = writes.map((write) => toStep(statements, write));
      return database.write(
        () => (steps.every((step) => step()) ? 'committed' : 'conflict'),
        (result) => result === 'conflict',
      );
    },
  };
}

function createReads(database: Database): Omit<LedgerStore, 'commit'> {
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
    listWatches: prepareListWatches(database),
    listParked: prepareListParked(database),
    listBusEvents: async (type, since) => busEvents.list(type, since),
    listEvents: async (execution) => events.list(execution),
    listOpenExecutions: async () => database.read(() => open.all()).map((row) => executionId(String(row.id))),
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

type WriteStatements = ReturnType<typeof prepareWrites>;

/**
 * Condition and write are one statement, which saves the look beforehand: 0 changes say that the condition does not hold.
 * Hence OR IGNORE: a row that is already there has to be no change, not an error.
 */
function prepareWrites(database: Database) {
  return {
    createExecution: database.prepare(
      'INSERT OR IGNORE INTO executions (revision, open, started_at, record, id) VALUES (?, ?, ?, ?, ?)',
    ),
    updateExecution: database.prepare(
      'UPDATE executions SET revision = ?, open = ?, started_at = ?, record = ? WHERE id = ? AND revision = ?',
    ),
    createTask: database.prepare('INSERT OR IGNORE INTO tasks (revision, record, execution, path) VALUES (?, ?, ?, ?)'),
    updateTask: database.prepare(
      'UPDATE tasks SET revision = ?, record = ? WHERE execution = ? AND path = ? AND revision = ?',
    ),
    createLimit: database.prepare(
      'INSERT OR IGNORE INTO limits (revision, record, execution, name) VALUES (?, ?, ?, ?)',
    ),
    updateLimit: database.prepare(
      'UPDATE limits SET revision = ?, record = ? WHERE execution = ? AND name = ? AND revision = ?',
    ),
    createEvent: database.prepare(
      'INSERT OR IGNORE INTO events (execution, path, n, lamport, record) VALUES (?, ?, ?, ?, ?)',
    ),
    createBusEvent: database.prepare('INSERT OR IGNORE INTO bus_events (id, type, time, record) VALUES (?, ?, ?, ?)'),
    watch: database.prepare('INSERT OR IGNORE INTO watches (execution, producer, consumer) VALUES (?, ?, ?)'),
    unwatch: database.prepare('DELETE FROM watches WHERE execution = ? AND producer = ? AND consumer = ?'),
    park: database.prepare('INSERT OR IGNORE INTO parked (key, arrival, path, execution) VALUES (?, ?, ?, ?)'),
    unpark: database.prepare('DELETE FROM parked WHERE key = ? AND arrival = ? AND path = ? AND execution = ?'),
  };
}

function toStep(to: WriteStatements, write: LedgerWrite): Step {
  switch (write.kind) {
    case 'execution':
      return executionStep(to, write.record);
    case 'task': {
      const { execution, path, revision } = write.record;
      return recordStep(to.createTask, to.updateTask, revision, [JSON.stringify(write.record), execution, path]);
    }
    case 'limit': {
      const { execution, limit, revision } = write.record;
      return recordStep(to.createLimit, to.updateLimit, revision, [JSON.stringify(write.record), execution, limit]);
    }
    case 'event': {
      const { execution, path, n, lamport } = write.event;
      return putStep(to.createEvent, [execution, path, n, lamport, JSON.stringify(write.event)]);
    }
    case 'bus_event': {
      const { id, type, time } = write.event;
      return putStep(to.createBusEvent, [id, type, time, JSON.stringify(write.event)]);
    }
    case 'watch':
    case 'unwatch': {
      const { execution, producer, consumer } = write.watch;
      return freeStep(to[write.kind], [execution, producer, consumer]);
    }
    case 'park':
    case 'unpark': {
      const { key, arrival, path, execution } = write.entry;
      return freeStep(to[write.kind], [key, arrival, path, execution]);
    }
  }
}

type Values = readonly (string | number)[];

function executionStep(to: WriteStatements, record: ExecutionRecord): Step {
  const open = isTerminal(record.status) ? 0 : 1;
  const values = [open, record.startedAt, JSON.stringify(record), record.id];
  return recordStep(to.createExecution, to.updateExecution, record.revision, values);
}

/** A record's condition: absent for revision 1, else the stored revision is one less. */
function recordStep(create: StatementSync, update: StatementSync, revision: number, values: Values): Step {
  if (revision === 1) return putStep(create, [revision, ...values]);
  return putStep(update, [revision, ...values, revision - 1]);
}

function putStep(statement: StatementSync, values: Values): Step {
  return () => statement.run(...values).changes === 1;
}

function freeStep(statement: StatementSync, values: Values): Step {
  return () => {
    statement.run(...values);
    return true;
  };
}
