import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import aggregate from '../../../examples/data-pipeline/agents/aggregate.ts';
import clean from '../../../examples/data-pipeline/agents/clean.ts';
import enrich from '../../../examples/data-pipeline/agents/enrich.ts';
import extract from '../../../examples/data-pipeline/agents/extract.ts';
import quarantine from '../../../examples/data-pipeline/agents/quarantine.ts';
import report from '../../../examples/data-pipeline/agents/report.ts';
import standIn from '../../../examples/data-pipeline/agents/stand-in.ts';
import validate from '../../../examples/data-pipeline/agents/validate.ts';
import type { Json } from '../../../core/json/index.ts';
import { callAgent } from '../call-agent.ts';
import { plantFolder } from '../planted-folder.ts';

const data = 'examples/data-pipeline/data';

async function validated(count = 4): Promise<{ parts: Json[]; rows: number }> {
  const { rows, count: total } = (await callAgent(extract, { orders: `${data}/orders.csv` })) as {
    rows: Json;
    count: number;
  };
  const parts = await Promise.all(
    Array.from({ length: count }, (_, index) => callAgent(validate, { rows }, { index, count })),
  );
  return { parts, rows: total };
}

async function cleaned(): Promise<{ orders: { line: number }[]; duplicates: number }> {
  const output = await callAgent(clean, { parts: (await validated()).parts });
  return output as unknown as { orders: { line: number }[]; duplicates: number };
}

describe('extract', () => {
  it('reads every row with its line', async () => {
    const output = await callAgent(extract, { orders: `${data}/orders.csv` });

    expect(output).toMatchObject({ count: 200, rows: { 0: { line: 2 }, 199: { line: 201 } } });
  });

  it('refuses another header for good, and a missing file for now', async () => {
    const orders = join(plantFolder({ 'a.csv': 'a,b\n1,2\n' }), 'a.csv');

    await expect(callAgent(extract, { orders })).rejects.toMatchObject({ name: 'InvalidInput' });
    await expect(callAgent(extract, { orders: `${orders}.gone` })).rejects.toMatchObject({ name: 'AgentUnavailable' });
  });
});

describe('validate', () => {
  it.each([1, 3, 4])('judges each row once when %d share them', async (count) => {
    const { parts } = await validated(count);

    const lines = (parts as { good: { line: number }[]; bad: { line: number }[] }[]).flatMap(({ good, bad }) =>
      [...good, ...bad].map(({ line }) => line),
    );

    expect(lines.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index + 2));
  });
});

describe('clean', () => {
  it('keeps the first of each order, in the order of the file', async () => {
    const { orders, duplicates } = await cleaned();

    const lines = orders.map(({ line }) => line);
    expect(orders).toHaveLength(182);
    expect(duplicates).toBe(4);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(lines).not.toContain(33);
  });
});

describe('quarantine', () => {
  it('writes the bad rows as they came, with what is wrong with each', async () => {
    const folder = plantFolder({});

    const output = await callAgent(quarantine, { parts: (await validated()).parts, folder });

    const lines = readFileSync(join(folder, 'quarantine.csv'), 'utf8').trimEnd().split('\n');
    expect(output).toEqual({ path: join(folder, 'quarantine.csv'), rows: 14 });
    expect(lines).toHaveLength(15);
    expect(lines.map((line) => Number(line.split(',')[0])).slice(1)).toEqual([
      14, 25, 37, 52, 61, 80, 91, 105, 123, 130, 147, 165, 175, 186,
    ]);
    expect(lines[7]).toContain('"no quantity: ""0""; no price: """""');
  });
});

describe('aggregate', () => {
  // Worked out by another program from the same file.
  it('sums by region and by month, to the cent', async () => {
    const { orders } = await cleaned();

    const byRegion = await callAgent(aggregate, { orders, by: 'region' });
    const byMonth = await callAgent(aggregate, { orders, by: 'month' });

    expect(byRegion).toEqual({
      by: 'region',
      groups: [
        { key: 'East', orders: 48, pieces: 258, cents: 3_430_327 },
        { key: 'North', orders: 40, pieces: 146, cents: 2_025_640 },
        { key: 'South', orders: 53, pieces: 327, cents: 3_618_808 },
        { key: 'West', orders: 41, pieces: 237, cents: 3_313_657 },
      ],
    });
    expect(byMonth).toEqual({
      by: 'month',
      groups: [
        { key: '2026-01', orders: 28, pieces: 154, cents: 2_297_746 },
        { key: '2026-02', orders: 23, pieces: 88, cents: 1_505_378 },
        { key: '2026-03', orders: 33, pieces: 183, cents: 1_239_525 },
        { key: '2026-04', orders: 29, pieces: 139, cents: 1_861_007 },
        { key: '2026-05', orders: 38, pieces: 222, cents: 2_541_616 },
        { key: '2026-06', orders: 31, pieces: 182, cents: 2_943_160 },
      ],
    });
  });
});

describe('enrich', () => {
  it('looks up a source by region', async () => {
    expect(await callAgent(enrich, { source: `${data}/targets.csv` })).toEqual({
      values: { North: '20000.00', South: '40000.00', East: '30000.00', West: '35000.00' },
    });
  });

  it('fails by a name that retry policies know when the source does not answer', async () => {
    const source = `${data}/managers-not-delivered-yet.csv`;

    await expect(callAgent(enrich, { source })).rejects.toMatchObject({ name: 'AgentUnavailable' });
  });
});

describe('report', () => {
  const group = (key: string, cents: number) => ({ key, orders: 2, pieces: 3, cents });
  const given = {
    rows: 5,
    duplicates: 1,
    regions: { groups: [group('North', 1_000_000), group('South', 50)] },
    months: { groups: [group('2026-01', 1_000_050)] },
    targets: { values: { North: '20000.00' } },
    managers: { values: { North: 'Ines Lund' } },
    standIns: null,
    quarantine: null,
    managerAttempts: 1,
  };

  it('writes totals, shares of target and managers', async () => {
    const folder = plantFolder({});

    const output = await callAgent(report, { ...given, folder });

    const text = readFileSync(join(folder, 'report.md'), 'utf8');
    expect(output).toMatchObject({ revenue: '10,000.50', orders: 4 });
    expect(text).toContain('5 rows came in. No row was bad. Orders that came twice and count once: 1.\n');
    expect(text).toContain('| North | Ines Lund | 2 | 3 | 10,000.00 | 50 % |');
    expect(text).toContain('| South | – | 2 | 3 | 0.50 | – |');
    expect(readFileSync(join(folder, 'totals.csv'), 'utf8')).toBe(
      'group,orders,pieces,eur\nNorth,2,3,10000.00\nSouth,2,3,0.50\n2026-01,2,3,10000.50\n',
    );
  });

  it('does without the sources that failed', async () => {
    const folder = plantFolder({});
    const standIns = await callAgent(standIn, { regions: ['North', 'South'], value: 'not known yet' });
    const quarantined = { path: 'quarantine.csv', rows: 3 };

    await callAgent(report, {
      ...given,
      folder,
      targets: null,
      managers: null,
      standIns,
      quarantine: quarantined,
      managerAttempts: 3,
    });

    const text = readFileSync(join(folder, 'report.md'), 'utf8');
    expect(text).toContain('3 bad rows are in quarantine.csv.');
    expect(text).toContain("The managers' source did not answer, after 3 attempts.");
    expect(text).toContain('| North | not known yet | 2 | 3 | 10,000.00 | – |');
  });
});
