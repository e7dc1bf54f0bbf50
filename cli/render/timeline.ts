import type { Plan } from '../../core/plan/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { alignColumns, cell } from './columns.ts';
import { elapsed } from './numbers.ts';
import { taskMarks } from './status-marks.ts';
import type { Style } from './style.ts';
import { taskRows, type TaskRow } from './task-rows.ts';

interface TimelinePage {
  readonly columns: number;
  readonly style: Style;
  readonly now: number;
  /** Every iteration and call; else those that say most. */
  readonly all?: boolean;
}

const NARROWEST = 10;
/** `  59m59s`: two spaces and the longest time. */
const TIME = 8;

/** When each task ran, as bars over one axis of time. Tasks that never started have no bar. */
export function renderTimeline(plan: Plan, view: ExecutionView, page: TimelinePage): string[] {
  const rows = taskRows(plan, view, page);
  const end = view.endedAt ?? page.now;
  const span = Math.max(1, end - view.startedAt);
  const names = rows.reduce((widest, row) => Math.max(widest, nameOf(row).length), 0);
  const width = Math.max(NARROWEST, page.columns - names - '  '.length - TIME);
  const column = (time: number): number => Math.min(width - 1, Math.floor(((time - view.startedAt) / span) * width));
  const lines = rows.map((row) => {
    const { meaning } = taskMarks[row.status];
    if (row.startedAt === undefined) return [cell(nameOf(row)), cell(page.style('quiet', row.status))];
    const from = column(row.startedAt);
    const length = Math.max(1, column(row.settledAt ?? end) - from);
    const drawn = ' '.repeat(from) + page.style(meaning, '█'.repeat(length)) + ' '.repeat(width - from - length);
    return [cell(nameOf(row)), cell(`${drawn}  ${elapsed((row.settledAt ?? end) - row.startedAt)}`)];
  });
  const axis = `0${elapsed(span).padStart(width - 1)}`;
  return alignColumns([[cell(''), cell(page.style('quiet', axis))], ...lines]);
}

function nameOf(row: TaskRow): string {
  return '  '.repeat(row.depth) + row.name;
}
