import { stripVTControlCharacters } from 'node:util';
import { isSettled, isTerminal } from '../../core/execution/index.ts';
import type { TaskPath } from '../../core/ids/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { bar, counted, elapsed } from './numbers.ts';
import { progressOf } from './execution-progress.ts';
import { oneLine } from './one-line.ts';
import { queueText } from './queue-text.ts';
import { executionMeanings, taskMarks } from './status-marks.ts';
import type { Style } from './style.ts';
import { taskRows, type TaskRow } from './task-rows.ts';

export interface FramePage {
  readonly columns: number;
  /** Lines that fit on the screen; tasks that do not fit are counted instead of listed. */
  readonly rows: number;
  readonly style: Style;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Every iteration and call; else those that say most. */
  readonly all?: boolean;
  /** The last thing that each running task's agent said. */
  readonly words?: ReadonlyMap<TaskPath, string>;
}

/** An execution as it stands at one moment: a line for each task, and a bar. */
export function renderFrame(plan: Plan, view: ExecutionView, page: FramePage): string[] {
  const rows = taskRows(plan, view, page);
  const room = Math.max(1, page.rows - 4);
  const shown = rows.length <= room ? rows : mostTelling(rows, room - 1);
  const hidden = rows.length - shown.length;
  return [
    cut(headline(view, page), page),
    ...alignColumns(shown.map((row) => cellsOf(row, page))).map((line) => cut(line, page)),
    ...(hidden > 0 ? [page.style('quiet', `  and ${hidden} more`)] : []),
    progress(plan, view, page),
  ];
}

function headline(
  { workflow, version, execution, status, queued, startedAt, endedAt, parent }: ExecutionView,
  page: FramePage,
): string {
  const { style, now } = page;
  const title = style('heading', `${workflow} ${version}`);
  const time = elapsed((endedAt ?? now) - startedAt);
  const by = parent ? `  started by ${parent.execution}/${parent.path}` : '';
  const waits = queued ? `  ${queueText(queued)}` : '';
  return `${title}  ${style('quiet', execution)}  ${style(executionMeanings[status], status)}  ${time}${waits}${style('quiet', by)}`;
}

/** What runs or failed says more than what waits; what is settled says least. */
function mostTelling(rows: readonly TaskRow[], count: number): TaskRow[] {
  const telling = ({ status }: TaskRow): number =>
    status === 'running' || status === 'failed' || status === 'unknown' ? 0 : isSettled(status) ? 2 : 1;
  const kept = new Set([...rows].sort((a, b) => telling(a) - telling(b)).slice(0, count));
  return rows.filter((row) => kept.has(row));
}

function cellsOf(row: TaskRow, { style, now, words }: FramePage): Cell[] {
  const { glyph, meaning } = taskMarks[row.status];
  const name = '  '.repeat(row.depth) + row.name;
  const time = row.startedAt === undefined ? '' : elapsed((row.settledAt ?? now) - row.startedAt);
  const said = row.status === 'running' ? oneLine(words?.get(row.path) ?? '') : '';
  const detail = [row.detail, said].filter(Boolean).join(', ');
  return [
    cell(glyph, style(meaning, glyph)),
    cell(name, row.isCritical ? style('emphasis', name) : name),
    cell(row.doer, style('quiet', row.doer)),
    cell(time.padStart(6)),
    cell(detail, style(meaning, detail)),
  ];
}

/** A line that wraps would break the redrawing: on a screen one that is too long loses its end, and its colours with it. */
function cut(line: string, { columns, rows }: FramePage): string {
  if (rows === Infinity) return line;
  const bare = stripVTControlCharacters(line);
  return bare.length <= columns ? line : `${bare.slice(0, columns - 1)}…`;
}

const BAR = 30;

/** Counts the tasks of the outermost region; the bar also shows how far the open ones are. */
function progress(plan: Plan, view: ExecutionView, { style }: FramePage): string {
  const { settled, count, share } = progressOf(plan, view);
  const meaning = isTerminal(view.status) ? executionMeanings[view.status] : 'active';
  return `${style(meaning, bar(share, BAR))}  ${settled} of ${counted(count, 'task')}`;
}
