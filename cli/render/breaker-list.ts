import type { ListedBreaker } from '../remote/breakers.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { counted, elapsed } from './numbers.ts';
import type { Meaning, Style } from './style.ts';

const meanings: Readonly<Record<ListedBreaker['status'], Meaning>> = {
  closed: 'good',
  half_open: 'warning',
  open: 'bad',
};

/** Breakers as a table, in the order given. */
export function renderBreakers(breakers: readonly ListedBreaker[], now: number, style: Style): string[] {
  const titles = ['agent type', 'status', 'for', 'what is so'].map((title) => cell(title, style('quiet', title)));
  const rows = breakers.map((breaker): Cell[] => {
    const { agent, status, since } = breaker;
    return [
      cell(agent),
      cell(status, style(meanings[status], status)),
      cell(since === undefined ? '' : elapsed(now - since)),
      cell(situation(breaker, now)),
    ];
  });
  return alignColumns([titles, ...rows]);
}

function situation(
  { status, failures = 0, open_until: until = 0, last_error: error = '' }: ListedBreaker,
  now: number,
): string {
  switch (status) {
    case 'closed':
      return failures === 0 ? 'calls go through' : `calls go through; ${counted(failures, 'failure')} in a row`;
    case 'half_open':
      return `a few calls try it after ${error}`;
    case 'open':
      return until > now
        ? `no call for ${elapsed(until - now)} after ${error}`
        : `the next call tries it after ${error}`;
  }
}
