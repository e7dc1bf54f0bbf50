import { describe, expect, it } from 'vitest';
import type { Row } from '../../../bench/peers/measure.ts';
import { renderReport, type EngineFacts, type Report } from '../../../bench/peers/report.ts';

const engine = (name: string, more: Partial<EngineFacts> = {}): EngineFacts => ({
  name,
  title: name.toUpperCase(),
  versions: [`${name}@1.2.3`],
  guarantee: `${name} keeps it`,
  modes: [
    { name: 'workers', title: 'apart' },
    { name: 'in-process', title: 'together' },
  ],
  megabytes: 7,
  ...more,
});

const row = (peer: string, mode: string, median: number): Row => ({
  ...{ graph: 'chain100', peer, mode, processor: 0.25, peakMegabytes: 99 },
  figures: { median, min: median / 2, max: 2 * median },
});

const report = (rows: readonly Row[], ...engines: readonly EngineFacts[]): Report => ({
  ...{ commit: 'abc', node: 'v24', machine: '2 × some', graphs: 'the graphs' },
  engines,
  rows,
});

describe('renderReport', () => {
  it('divides the median of each row by those of Skein on the same graph', () => {
    const rows = [row('skein', 'workers', 2), row('skein', 'in-process', 0.5), row('other', 'workers', 3)];

    const text = renderReport(report(rows, engine('skein'), engine('other')));

    expect(text).toContain('| chain100 | SKEIN: together | 0.500 | 0.250–1.000 | 0.25 | 1.00 | 0.250 | 99 |');
    expect(text).toContain('| chain100 | OTHER: apart | 3.000 | 1.500–6.000 | 1.50 | 6.00 | 0.250 | 99 |');
  });

  it('leaves out ratios that have no counterpart', () => {
    const rows: Row[] = [{ ...row('skein', 'workers', 2), graph: 'sleep300' }, row('other', 'workers', 3)];

    const text = renderReport(report(rows, engine('skein'), engine('other')));

    expect(text).toContain('| chain100 | OTHER: apart | 3.000 | 1.500–6.000 | – | – | 0.250 | 99 |');
  });

  it('tells makespans apart from what a task costs', () => {
    const rows: Row[] = [row('skein', 'workers', 2), { ...row('skein', 'workers', 1.04), graph: 'sleep300' }];

    const [overheads, makespans] = renderReport(report(rows, engine('skein')))
      .split('\n\n')
      .filter((part) => part.includes('| graph |'));

    expect(overheads).toContain('chain100');
    expect(overheads).not.toContain('sleep300');
    expect(makespans).toContain('makespan ÷ critical path');
    expect(makespans).toContain('| sleep300 | SKEIN: apart | 1.040 |');
  });

  it('says in one line why a row or an engine has no figures', () => {
    const rows: Row[] = [{ graph: 'chain100', peer: 'other', mode: 'workers', problem: 'fell\n  over | hard' }];

    const text = renderReport(report(rows, engine('skein'), engine('other', { unavailable: 'no\nnetwork' })));

    expect(text).toContain('| chain100 | OTHER: apart | failed: fell over \\| hard |');
    expect(text).toContain('| OTHER | other@1.2.3 | not measured: no network |');
  });

  it('notes what each engine guarantees', () => {
    const text = renderReport(report([], engine('skein'), engine('other')));

    expect(text).toContain('- SKEIN: skein keeps it.\n- OTHER: other keeps it.');
  });
});
