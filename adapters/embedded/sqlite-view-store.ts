import type { ViewPosition, ViewStore } from '../../core/ports/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import type { Database } from './open-database.ts';
import { prepareRecordQuery } from './record-query.ts';

const NEWEST_FIRST =
  '(started_at, execution) < (?, ?) AND started_at >= ? ORDER BY started_at DESC, execution DESC LIMIT ?';

/** Everything stands behind it. */
const FIRST: ViewPosition = { startedAt: Infinity, execution: '' };

export function createSqliteViewStore({ database }: { database: Database }): ViewStore {
  const put = database.prepare(`
    INSERT INTO views (execution, workflow, status, started_at, record) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (execution) DO UPDATE SET
      workflow = excluded.workflow, status = excluded.status, started_at = excluded.started_at, record = excluded.record
  `);
  const query = (rest: string) => prepareRecordQuery<ExecutionView>(database, `SELECT record FROM views ${rest}`);
  const one = query('WHERE execution = ?');
  // A statement for each filter: one with `? IS NULL OR …` could use no index.
  const all = query(`WHERE ${NEWEST_FIRST}`);
  const byStatus = query(`WHERE status = ? AND ${NEWEST_FIRST}`);
  const byWorkflow = query(`WHERE workflow = ? AND ${NEWEST_FIRST}`);
  const byBoth = query(`WHERE status = ? AND workflow = ? AND ${NEWEST_FIRST}`);

  return {
    put: async (view) => {
      const record = JSON.stringify(view);
      await database.write(() => put.run(view.execution, view.workflow, view.status, view.startedAt, record));
    },
    find: async (execution) => one.find(execution),
    list: async ({ status, workflow, after = FIRST, since = -Infinity, limit }) => {
      const stretch = [after.startedAt, after.execution, since, limit] as const;
      if (status !== undefined && workflow !== undefined) return byBoth.list(status, workflow, ...stretch);
      if (status !== undefined) return byStatus.list(status, ...stretch);
      if (workflow !== undefined) return byWorkflow.list(workflow, ...stretch);
      return all.list(...stretch);
    },
  };
}
