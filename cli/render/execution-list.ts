import type { ExecutionHead } from '../execution-reader.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { elapsed, timestamp } from './numbers.ts';
import { queueText } from './queue-text.ts';
import { executionMeanings } from './status-marks.ts';
import type { Style } from './style.ts';

/** Executions as a table, in the order given; with the tasks that started them, where there is one that has a parent. */
export function renderExecutions(views: readonly ExecutionHead[], now: number, style: Style): string[] {
  const ofParents = views.some(({ parent }) => parent) ? ['started by'] : [];
  const waiting = views.some(({ queued }) => queued) ? ['waits'] : [];
  const titles = ['execution', 'workflow', 'status', 'started', 'took', ...ofParents, ...waiting].map((title) =>
    cell(title, style('quiet', title)),
  );
  const rows = views.map(({ execution, workflow, version, status, queued, startedAt, endedAt, parent }): Cell[] => [
    cell(execution),
    cell(`${workflow} ${version}`),
    cell(status, style(executionMeanings[status], status)),
    cell(timestamp(startedAt)),
    cell(elapsed((endedAt ?? now) - startedAt)),
    ...(ofParents.length > 0 ? [cell(parent ? `${parent.execution}/${parent.path}` : '')] : []),
    cell(queued ? queueText(queued) : ''),
  ]);
  return alignColumns([titles, ...rows]);
}
