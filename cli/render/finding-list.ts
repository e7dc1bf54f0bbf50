import type { Finding } from '../doctor/finding.ts';
import { alignColumns, cell } from './columns.ts';
import { oneLine } from './one-line.ts';
import type { Meaning, Style } from './style.ts';

const meanings: Readonly<Record<Finding['status'], Meaning>> = { ok: 'good', warning: 'warning', failed: 'bad' };

/** What the doctor found, a line for each thing, and below it what to do. */
export function renderFindings(findings: readonly Finding[], style: Style): string[] {
  const heads = alignColumns(
    findings.map(({ check, status, message }) => [
      cell(status, style(meanings[status], status)),
      cell(check),
      cell(oneLine(message)),
    ]),
  );
  return findings.flatMap(({ fix }, i) => {
    const next = fix === undefined ? [] : [`         ${style('quiet', 'next')}  ${oneLine(fix)}`];
    return [heads[i] ?? '', ...next];
  });
}
