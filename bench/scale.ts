// How time and memory grow: executions at once, tasks of one graph, items of one for_each; and queries among many stored executions.
// Run: node bench/scale.ts [--only executions,tasks,items,stored] [--share 0.1] [--json] [--draw]
// `--share` of the full sizes, for a try; `--draw` writes scale.svg.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printedBy } from './engine-process.ts';
import { plotLogLog } from './plot.ts';
import type { ScalePoint } from './scale-point.ts';
import { exponent } from './statistics.ts';
import { alignedTable } from './table.ts';

interface Series {
  readonly kind: string;
  readonly title: string;
  /** Tasks that run for each unit of the size. */
  readonly tasks: number;
  readonly sizes: readonly number[];
  readonly flags: readonly string[];
}

interface Measured extends Series {
  readonly points: readonly ScalePoint[];
}

const executions = { kind: 'executions', tasks: 10, sizes: [125, 250, 500, 1_000] };
const allSeries: readonly Series[] = [
  { ...executions, title: 'executions of 10 tasks at once, agents in-process', flags: [] },
  { ...executions, title: 'executions of 10 tasks at once, agents in workers', flags: ['--agents', 'workers'] },
  { kind: 'tasks', title: 'tasks of one layered graph', tasks: 1, sizes: [1_250, 2_500, 5_000, 10_000], flags: [] },
  { kind: 'items', title: 'items of one for_each', tasks: 1, sizes: [12_500, 25_000, 50_000, 100_000], flags: [] },
  { kind: 'items', title: 'items of one for_each, 100 a call', tasks: 1, sizes: [100_000], flags: ['--batch', '100'] },
  { kind: 'stored', title: 'executions of 2 tasks, 500 at once', tasks: 2, sizes: [10_000], flags: [] },
];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    share: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    draw: { type: 'boolean', default: false },
  },
});

function measure({ kind, flags }: Series, size: number): ScalePoint {
  const scaled = Math.ceil(size * Number(values.share));
  return JSON.parse(printedBy('./scale-point.ts', '--kind', kind, '--size', `${scaled}`, ...flags)) as ScalePoint;
}

function rowsOf({ title, tasks, points }: Measured): string[][] {
  return points.map(({ size, ms, processorMs, peakMegabytes }) => [
    title,
    `${size}`,
    ms.toFixed(0),
    (ms / size / tasks).toFixed(3),
    (processorMs / size / tasks).toFixed(3),
    peakMegabytes.toFixed(0),
  ]);
}

/** By the clock, and by what the process used of the processors: on a busy machine that says more. */
function exponentsOf({ points }: Measured) {
  const of = (y: (point: ScalePoint) => number) => exponent(points.map((point) => ({ x: point.size, y: y(point) })));
  return { clock: of(({ ms }) => ms), processor: of(({ processorMs }) => processorMs) };
}

function print(all: readonly Measured[]): void {
  const heads = ['', 'size', 'ms', 'ms a task', 'of the processor', 'peak MB'];
  console.log(alignedTable([heads, ...all.flatMap(rowsOf)]));
  const grown = all.filter(({ points }) => points.length > 1);
  if (grown.length > 0) console.log('\nTime grows like size to the power of (1 is linear):\n');
  const exponents = grown.map((series) => {
    const { clock, processor } = exponentsOf(series);
    return [series.title, clock.toFixed(2), processor.toFixed(2)];
  });
  if (grown.length > 0) console.log(alignedTable([['', 'clock', 'processor'], ...exponents]));
  for (const { points } of all) points.forEach(printQueries);
}

function printQueries({ size, queries }: ScalePoint): void {
  if (!queries) return;
  const rows = Object.entries(queries).map(([what, { p50, p95, p99 }]) => [
    what,
    ...[p50, p95, p99].map((ms) => ms.toFixed(3)),
  ]);
  console.log(`\nMilliseconds of a query, ${size} executions stored (target: p95 of a view below 5):\n`);
  console.log(alignedTable([['', 'p50', 'p95', 'p99'], ...rows]));
}

function draw(all: readonly Measured[]): void {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const lines = all
    .filter(({ points }) => points.length > 1)
    .map((series) => ({
      name: `${series.title}: size^${exponentsOf(series).processor.toFixed(2)}`,
      points: series.points.map(({ size, processorMs }) => ({ x: size * series.tasks, y: processorMs / 1_000 })),
    }));
  const title = `Seconds of the processor by tasks, durable on disk; commit ${commit}`;
  writeFileSync(new URL('./scale.svg', import.meta.url), plotLogLog({ title, x: 'tasks', y: 'seconds', lines }));
}

const wanted = values.only?.split(',');
const measured: Measured[] = [];
for (const series of allSeries.filter(({ kind }) => wanted?.includes(kind) ?? true)) {
  const points = series.sizes.map((size) => {
    process.stderr.write(`${size} ${series.title}\n`);
    return measure(series, size);
  });
  measured.push({ ...series, points });
}
if (values.json) console.log(JSON.stringify(measured, null, 2));
else print(measured);
if (values.draw) draw(measured);
