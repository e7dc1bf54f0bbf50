import type { ListedCache } from '../remote/caches.ts';
import { alignColumns, cell } from './columns.ts';
import { counted } from './numbers.ts';

/** Answers by workflow and task, a line for each. */
export function renderCaches(caches: readonly ListedCache[]): readonly string[] {
  const rows = caches.flatMap(({ workflow_id: workflow, answers }) =>
    Object.entries(answers).map(([task, count]) => [cell(`${workflow}/${task}`), cell(counted(count, 'answer'))]),
  );
  return rows.length === 0 ? ['no answer is kept'] : alignColumns(rows);
}
