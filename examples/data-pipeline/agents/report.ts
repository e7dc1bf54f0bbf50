import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { formatCents, formatCsv, resolvePath } from '../orders/index.ts';

const totals = z.object({
  groups: z.array(z.object({ key: z.string(), orders: z.int(), pieces: z.int(), cents: z.int() })),
});
const lookup = z.object({ values: z.record(z.string(), z.string()) }).nullable();

const input = z.object({
  folder: z.string(),
  rows: z.int(),
  duplicates: z.int(),
  regions: totals,
  months: totals,
  targets: lookup,
  managers: lookup,
  standIns: lookup,
  /** Null: no row was bad, so nothing was quarantined. */
  quarantine: z.object({ path: z.string(), rows: z.int() }).nullable(),
  managerAttempts: z.int(),
});
type Input = z.infer<typeof input>;

/** Writes the result, with or without what enriches it. */
const report: AgentFunction = async (task, context) => {
  const given = input.parse(task.input);
  const folder = resolvePath(given.folder);
  const paths = { report: join(folder, 'report.md'), totals: join(folder, 'totals.csv') };
  await mkdir(folder, { recursive: true });
  await writeFile(paths.report, renderReport(given));
  await writeFile(paths.totals, renderTotals(given));
  context.log(`written to ${paths.report}`);
  return { ...paths, revenue: formatCents(sum(given, 'cents')), orders: sum(given, 'orders') };
};

function sum({ regions }: Input, what: 'orders' | 'pieces' | 'cents'): number {
  return regions.groups.reduce((total, group) => total + group[what], 0);
}

function renderReport(given: Input): string {
  const { rows, duplicates, regions, months, quarantine, targets, managers, standIns, managerAttempts } = given;
  const bad = quarantine === null ? 'No row was bad.' : `${quarantine.rows} bad rows are in quarantine.csv.`;
  const missing = managers === null ? `The managers' source did not answer, after ${managerAttempts} attempts.` : '';
  const regionRows = regions.groups.map(({ key, orders, pieces, cents }) => {
    const target = Number(targets?.values[key]) * 100;
    const reached = Number.isNaN(target) ? '–' : `${Math.round((100 * cents) / target)} %`;
    const manager = (managers ?? standIns)?.values[key] ?? '–';
    return `| ${key} | ${manager} | ${orders} | ${pieces} | ${formatCents(cents)} | ${reached} |`;
  });
  const monthRows = months.groups.map(
    ({ key, orders, pieces, cents }) => `| ${key} | ${orders} | ${pieces} | ${formatCents(cents)} |`,
  );
  return [
    '# Orders',
    `${rows} rows came in. ${bad} Orders that came twice and count once: ${duplicates}. ${missing}`.trim(),
    `**${sum(given, 'orders')} orders, EUR ${formatCents(sum(given, 'cents'))}.**`,
    `## By region\n\n| Region | Manager | Orders | Pieces | EUR | Of target |\n| --- | --- | ---: | ---: | ---: | ---: |\n${regionRows.join('\n')}`,
    `## By month\n\n| Month | Orders | Pieces | EUR |\n| --- | ---: | ---: | ---: |\n${monthRows.join('\n')}\n`,
  ].join('\n\n');
}

function renderTotals({ regions, months }: Input): string {
  const rows = [...regions.groups, ...months.groups].map(({ key, orders, pieces, cents }) => {
    return [key, orders, pieces, (cents / 100).toFixed(2)];
  });
  return formatCsv([['group', 'orders', 'pieces', 'eur'], ...rows]);
}

export default report;
