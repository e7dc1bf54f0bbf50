import type { ListedCompensation } from '../remote/compensations.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { oneLine } from './one-line.ts';
import type { Meaning, Style } from './style.ts';

const meanings: Readonly<Record<ListedCompensation['status'], Meaning>> = {
  pending: 'quiet',
  compensating: 'active',
  compensated: 'good',
  compensation_failed: 'bad',
};

/** What has to be undone of an execution, as a table, in the order given. */
export function renderCompensations(compensations: readonly ListedCompensation[], style: Style): string[] {
  const titles = ['task', 'status', 'agent', 'attempts', 'what is so', 'you may'].map((title) =>
    cell(title, style('quiet', title)),
  );
  const rows = compensations.map((compensation): Cell[] => [
    cell(compensation.task),
    cell(compensation.status, style(meanings[compensation.status], compensation.status)),
    cell(compensation.agent),
    cell(String(compensation.attempts)),
    cell(tell(compensation)),
    cell(compensation.may.join(', ')),
  ]);
  return alignColumns([titles, ...rows]);
}

function tell({ error, resolution, effect, may }: ListedCompensation): string {
  if (resolution) return oneLine(`${resolution.as} by ${resolution.by}: ${resolution.reason}`);
  if (error) return oneLine(`${error.name}: ${error.message}; the effect: ${effect}`);
  return may.length > 0 ? `held back; the effect: ${effect}` : '';
}
