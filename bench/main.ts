// `npm run bench [-- --only scale,graphs]`: the figures that the design asks for, measured on this machine, with commit and spread; quick ones first.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printedBy } from './engine-process.ts';
import { graphNames, graphSource, type GraphName } from './graphs.ts';

interface Measured {
  readonly tasks: number;
  readonly crit: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly peakMegabytes: number;
}

function runGraph(graph: GraphName, options: Record<string, string>): Measured {
  const flags = Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]);
  return JSON.parse(printedBy('./run-graph.ts', '--graph', graph, ...flags)) as Measured;
}

const round = (value: number, digits: number) => value.toFixed(digits);
const spread = ({ min, median, max }: Measured, per: number, digits: number) =>
  `${round(median / per, digits)} | ${round(min / per, digits)}–${round(max / per, digits)}`;

function overheads(): void {
  console.log('| graph | agents | recorded | ms a task, median | min–max | peak MB |\n|---|---|---|---|---|---|');
  for (const graph of graphNames.filter((name) => name !== 'sleep300')) {
    for (const agents of ['in-process', 'workers']) {
      for (const store of ['memory', 'disk']) {
        const measured = runGraph(graph, { agents, store });
        console.log(
          `| ${graph} | ${agents} | ${store} | ${spread(measured, measured.tasks, 3)} | ${measured.peakMegabytes} |`,
        );
      }
    }
  }
}

function makespans(): void {
  console.log('\n| graph | agents | recorded | makespan ÷ critical path, median | min–max |\n|---|---|---|---|---|');
  for (const agents of ['in-process', 'workers']) {
    const measured = runGraph('sleep300', { agents, store: 'disk', workers: '64', runs: '3' });
    console.log(`| sleep300 | ${agents} | disk | ${spread(measured, measured.crit, 3)} |`);
  }
}

function coldStarts(): void {
  const times = Array.from({ length: 7 }, () => {
    const from = performance.now();
    printedBy(
      '../cli/skein.js',
      'run',
      fileURLToPath(new URL('cold-start.yaml', import.meta.url)),
      '--database',
      ':memory:',
      '--json',
    );
    return performance.now() - from;
  }).sort((a, b) => a - b);
  const measured = { min: times[0] ?? 0, median: times[3] ?? 0, max: times[6] ?? 0 } as Measured;
  console.log('| cold `skein run` of five tasks | median | min–max |\n|---|---|---|');
  console.log(`| process start to exit, ms | ${spread(measured, 1, 0)} |`);
}

function graphs(): void {
  console.log(
    'Each row: a process of its own, one warm-up run, then five (makespan: three). Durable commits wait for the disk.\n',
  );
  overheads();
  makespans();
}

const printed = (name: string) => () => void process.stdout.write(printedBy(name));

/** In this order. */
const parts: Readonly<Record<string, readonly [title: string, measure: () => void]>> = {
  compile: ['Compile (validated definition → plan → ASL)', printed('./compile.ts')],
  allocation: ['Allocation by capability', printed('./allocation.ts')],
  projections: ['Views', printed('./projections.ts')],
  admission: ['Admission', printed('./admission.ts')],
  'cold-start': ['A cold process', coldStarts],
  graphs: ['Graphs', graphs],
  footprint: ['Installation', printed('./footprint.ts')],
  scale: ['Growth', printed('./scale.ts')],
};

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
const wanted = only?.split(',') ?? Object.keys(parts);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
console.log(
  `Commit ${commit}, Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}; ${graphSource()}.`,
);
for (const [name, [title, measure]] of Object.entries(parts)) {
  if (!wanted.includes(name)) continue;
  console.log(`\n### ${title}\n`);
  measure();
}
