import { copyFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { ExecutionRecord, LimitRecord, SkeinEvent, TaskRecord } from '../../core/execution/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';

/** A copy of a database, in which one execution is changed behind the engine's back. Disposing of it closes it. */
export interface TamperedDatabase extends Disposable {
  readonly path: string;
  readonly sql: DatabaseSync;
  /** Of one path ('' for the execution's own), in the order of their numbers. */
  events(path: string): readonly SkeinEvent[];
  /** The only event of this type and path. */
  event<Type extends SkeinEvent['type']>(path: string, type: Type): Extract<SkeinEvent, { type: Type }>;
  /** Writes an event in the place of the one with its number, if there is one. */
  put(event: SkeinEvent): void;
  remove(event: SkeinEvent): void;
  editTask(path: string, edit: (task: TaskRecord) => TaskRecord): void;
  editView(edit: (view: ExecutionView) => ExecutionView): void;
  editLimit(edit: (limit: LimitRecord) => LimitRecord): void;
  /** A child of the execution. */
  editChild(edit: (child: ExecutionRecord) => ExecutionRecord): void;
}

export function tamperWith(original: string, path: string, execution: string): TamperedDatabase {
  const ours = `execution = '${execution}'`;
  copyFileSync(original, path);
  const sql = new DatabaseSync(path);
  const edit = <Value>(table: string, where: string, change: (value: Value) => Value): void => {
    const row = sql.prepare(`SELECT record FROM ${table} WHERE ${where}`).get();
    if (!row) throw new Error(`${table} has no record where ${where}`);
    const record = JSON.stringify(change(JSON.parse(String(row['record'])) as Value));
    sql.prepare(`UPDATE ${table} SET record = ? WHERE ${where}`).run(record);
  };
  const eventsOf = (task: string) =>
    sql
      .prepare('SELECT record FROM events WHERE execution = ? AND path = ? ORDER BY n')
      .all(execution, task)
      .map((row) => JSON.parse(String(row['record'])) as SkeinEvent);

  return {
    path,
    sql,
    events: eventsOf,
    event: <Type extends SkeinEvent['type']>(task: string, type: Type) => {
      const [found, ...more] = eventsOf(task).filter((event) => event.type === type);
      if (!found || more.length > 0) throw new Error(`${task} has not exactly one ${type}`);
      return found as Extract<SkeinEvent, { type: Type }>;
    },
    put: (event) => {
      sql
        .prepare('INSERT OR REPLACE INTO events (execution, path, n, lamport, record) VALUES (?, ?, ?, ?, ?)')
        .run(event.execution, event.path, event.n, event.lamport, JSON.stringify(event));
    },
    remove: ({ path: task, n }) =>
      void sql.prepare(`DELETE FROM events WHERE ${ours} AND path = ? AND n = ?`).run(task, n),
    editTask: (task, change) => edit('tasks', `${ours} AND path = '${task}'`, change),
    editView: (change) => edit('views', ours, change),
    editLimit: (change) => edit('limits', `${ours} AND name = 'max_parallel'`, change),
    editChild: (change) => edit('executions', `id <> '${execution}'`, change),
    [Symbol.dispose]: () => sql.close(),
  };
}
