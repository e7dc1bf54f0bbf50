import type { OpenApproval } from '../remote/approvals.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { elapsed } from './numbers.ts';
import { oneLine } from './one-line.ts';
import type { Style } from './style.ts';

type Listed = Pick<OpenApproval, 'approval_id' | 'workflow_id' | 'task' | 'deadline' | 'description'>;

/** Open approvals as a table, in the order given. */
export function renderApprovals(approvals: readonly Listed[], now: number, style: Style): string[] {
  const titles = ['approval', 'workflow', 'task', 'time left', 'what is asked'].map((title) =>
    cell(title, style('quiet', title)),
  );
  const rows = approvals.map(({ approval_id: id, workflow_id: workflow, task, deadline, description }): Cell[] => {
    const left = deadline - now;
    return [
      cell(id),
      cell(workflow),
      cell(task),
      left > 0 ? cell(elapsed(left)) : cell('none', style('warning', 'none')),
      cell(oneLine(description ?? '')),
    ];
  });
  return alignColumns([titles, ...rows]);
}
