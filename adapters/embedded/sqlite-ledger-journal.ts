import type { ControlRecord, ExecutionRecord, LimitRecord, TaskRecord } from '../../core/execution/index.ts';
import { executionId, taskPath, type ExecutionId } from '../../core/ids/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import { itemOf } from './ledger-item.ts';
import { latestTime } from './latest-time.ts';
import type { LedgerJournal } from './ledger-journal.ts';
import type { Database } from './open-database.ts';
import { prepareRecordQuery } from './record-query.ts';
import { prepareWriter } from './sqlite-ledger-writer.ts';

type Rows = Record<string, unknown>[];

/** Below a ledger in memory, the owner's database: it loads what is open, and takes the commits of one transaction as one change. */
export function createSqliteLedgerJournal({ database }: { database: Database }): LedgerJournal {
  const write = prepareWriter(database);
  const loads = prepareLoads(database);
  const forget = database.prepare("DELETE FROM controls WHERE json_extract(record, '$.uselessFrom') <= ?");
  let pending: LedgerWrite[] = [];
  let forgetting: number | undefined;
  let durable: Promise<void> = Promise.resolve();
  let lost: { readonly error: unknown } | undefined;
  const lose = (error: unknown): void => {
    lost ??= { error };
  };
  const drain = (): void => {
    const writes = pending;
    pending = [];
    // Commits that were accepted before anybody knew: they rest on the lost one.
    if (lost) throw lost.error;
    const past = forgetting;
    forgetting = undefined;
    try {
      // What is useless was written long ago, so none of these writes is on it, unless it begins anew.
      if (past !== undefined) forget.run(past);
      for (const last of lastOfEachItem(writes)) write(last);
    } catch (error) {
      // The next group may begin before the promise below is rejected.
      lose(error);
      throw error;
    }
  };
  const plan = (): void => {
    durable = database.write(drain);
    durable.catch(lose);
  };
  return {
    ...loads,
    loadControls: () => {
      // Asked for before anything is read here: nobody decides by what is taken away.
      const now = latestTime(database);
      database.write(() => void forget.run(now)).catch(lose);
      return loads.loadControls().filter(({ record }) => record.uselessFrom === undefined || record.uselessFrom > now);
    },
    forgetControls: (now) => {
      if (pending.length === 0 && forgetting === undefined) plan();
      forgetting = now;
    },
    append: (writes) => {
      if (pending.length === 0 && forgetting === undefined) plan();
      for (const one of writes) pending.push(one);
      return durable;
    },
  };
}

/** Of several writes on one item only the last one can be seen once all of them are durable. */
function lastOfEachItem(writes: readonly LedgerWrite[]): Iterable<LedgerWrite> {
  const byItem = new Map<string, LedgerWrite>();
  for (const write of writes) byItem.set(itemOf(write), write);
  return byItem.values();
}

type Loads = Omit<LedgerJournal, 'append' | 'forgetControls' | 'loadControls'> & {
  loadControls(): readonly Extract<LedgerWrite, { kind: 'control' }>[];
};

function prepareLoads(database: Database): Loads {
  const isOpen = database.prepare('SELECT 1 FROM executions WHERE id = ? AND open = 1');
  const executions = prepareRecordQuery<ExecutionRecord>(database, 'SELECT record FROM executions WHERE id = ?');
  const tasks = prepareRecordQuery<TaskRecord>(database, 'SELECT record FROM tasks WHERE execution = ?');
  const limits = prepareRecordQuery<LimitRecord>(database, 'SELECT record FROM limits WHERE execution = ?');
  const controls = prepareRecordQuery<ControlRecord>(database, 'SELECT record FROM controls');
  const watches = database.prepare('SELECT producer, consumer FROM watches WHERE execution = ?');
  const numbers = database.prepare('SELECT path, MAX(n) AS n FROM events WHERE execution = ? GROUP BY path');
  const parked = database.prepare('SELECT key, execution, path, arrival FROM parked');
  const busEvent = database.prepare('SELECT 1 FROM bus_events WHERE id = ?');
  return {
    isOpen: (id) => database.read(() => isOpen.get(id)) !== undefined,
    load: (id) => [
      ...executions.list(id).map((record) => ({ kind: 'execution', record }) as const),
      ...tasks.list(id).map((record) => ({ kind: 'task', record }) as const),
      ...limits.list(id).map((record) => ({ kind: 'limit', record }) as const),
      ...watchesOf(
        id,
        database.read(() => watches.all(id)),
      ),
    ],
    loadEventNumbers: (id) =>
      database.read(() => numbers.all(id)).map(({ path, n }) => [path === '' ? '' : taskPath(String(path)), Number(n)]),
    loadParked: () => entriesOf(database.read(() => parked.all())),
    loadControls: () => controls.list().map((record) => ({ kind: 'control', record }) as const),
    hasBusEvent: (id) => database.read(() => busEvent.get(id)) !== undefined,
  };
}

function watchesOf(execution: ExecutionId, rows: Rows): LedgerWrite[] {
  return rows.map(({ producer, consumer }) => {
    const watch = { execution, producer: taskPath(String(producer)), consumer: taskPath(String(consumer)) };
    return { kind: 'watch', watch };
  });
}

function entriesOf(rows: Rows): LedgerWrite[] {
  return rows.map(({ key, execution, path, arrival }) => {
    const ids = { execution: executionId(String(execution)), path: taskPath(String(path)) };
    return { kind: 'park', entry: { key: String(key), ...ids, arrival: Number(arrival) } };
  });
}
