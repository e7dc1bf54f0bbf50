// Measures one size of one kind and prints a ScalePoint as JSON; see scale.ts. A process for each: peak memory never falls.
// Run: node bench/scale-point.ts --kind executions|tasks|items|stored --size 1000 [--agents in-process|workers] [--batch 100]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ExecutionId } from '../core/ids/index.ts';
import type { CompiledWorkflow } from '../compiler/index.ts';
import { openLaptop, openReader, type Laptop } from '../local/index.ts';
import { createChance } from '../core/chance/index.ts';
import { agentFunctions, compileGraph, compileTasks } from './compile-graph.ts';
import { chain, layered } from './graphs.ts';
import { percentile } from './statistics.ts';

/** What was measured at one size. */
export interface ScalePoint {
  readonly size: number;
  /** Milliseconds from the first start to the last end. */
  readonly ms: number;
  /** Milliseconds that this process used of the processors meanwhile, its threads included. */
  readonly processorMs: number;
  /** Of this process, from its beginning; workers are others. */
  readonly peakMegabytes: number;
  /** Milliseconds of single queries; only of `stored`. */
  readonly queries?: { readonly [what: string]: { readonly p50: number; readonly p95: number; readonly p99: number } };
}

const TASKS_OF_ONE = 10;
const QUERIES = 2_000;

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'executions' },
    size: { type: 'string', default: '100' },
    agents: { type: 'string', default: 'in-process' },
    batch: { type: 'string' },
  },
});
const size = Number(values.size);
const directory = mkdtempSync(join(tmpdir(), 'skein-bench-'));
const database = join(directory, 'bench.db');

interface Work {
  readonly compiled: CompiledWorkflow;
  /** Executions, and how many of them at once. */
  readonly count: number;
  readonly atOnce: number;
  readonly items?: number;
}

function workOf(kind: string): Work {
  switch (kind) {
    case 'executions':
      return { compiled: compileGraph(chain(TASKS_OF_ONE)), count: size, atOnce: size };
    case 'tasks':
      return { compiled: compileGraph(layered(size, () => 0, 3)), count: 1, atOnce: 1 };
    case 'items':
      return { compiled: compileItems(), count: 1, atOnce: 1, items: size };
    case 'stored':
      return { compiled: compileGraph(chain(2)), count: size, atOnce: 500 };
    default:
      throw new Error(`There is no kind ${kind}.`);
  }
}

function compileItems(): CompiledWorkflow {
  const batch = values.batch === undefined ? {} : { batch: Number(values.batch) };
  const forEach = { items: '${ input.items }', max_items: size, max_concurrency: 64, ...batch };
  return compileTasks([{ id: 'each', agent: 'worker', for_each: forEach, input: { ms: 0, item: '${ item }' } }]);
}

async function runAll({ runtime }: Laptop, { compiled, count, atOnce, items = 0 }: Work): Promise<void> {
  const version = await runtime.publish(compiled);
  const input = { items: Array.from({ length: items }, (_, n) => n) };
  const runOne = async () => {
    const view = await runtime.whenEnded(await runtime.start({ ...version, input }));
    if (view.status !== 'succeeded') throw new Error(`${view.status}: ${JSON.stringify(view.error)}`);
  };
  for (let begun = 0; begun < count; begun += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - begun) }, runOne));
  }
}

async function measureRun(work: Work): Promise<ScalePoint> {
  const laptop = await openLaptop({
    database,
    workers: 4,
    ...(values.agents === 'in-process' && { functions: agentFunctions }),
  });
  // Modules, workers and compiled code are there before it counts.
  await runAll(laptop, { compiled: compileGraph(chain(50)), count: 4, atOnce: 4 });
  const from = performance.now();
  const before = process.cpuUsage();
  await runAll(laptop, work);
  const ms = performance.now() - from;
  const { user, system } = process.cpuUsage(before);
  await laptop.close();
  return { size, ms, processorMs: (user + system) / 1_000, peakMegabytes: process.resourceUsage().maxRSS / 1_024 };
}

/** What `skein status` and `skein list` read, beside nobody else. */
async function measureQueries(): Promise<ScalePoint['queries']> {
  const { reader, close } = openReader(database);
  const all = (await reader.list({ limit: size })).map(({ execution }) => execution);
  const chance = createChance(1);
  const timesOf = async (count: number, query: (id: ExecutionId) => Promise<unknown>) => {
    const times: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const id = all[Math.floor(chance() * all.length)];
      if (id === undefined) throw new Error('nothing is stored');
      const from = performance.now();
      await query(id);
      times.push(performance.now() - from);
    }
    const at = (share: number) => percentile(times, share);
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  };
  const queries = {
    view: await timesOf(QUERIES, (id) => reader.view(id)),
    'view and plan': await timesOf(QUERIES, async (id) => [await reader.view(id), await reader.plan(id)]),
    'list of 20': await timesOf(QUERIES / 10, () => reader.list({ limit: 20 })),
    'list of 20 that failed': await timesOf(QUERIES / 10, () => reader.list({ status: 'failed', limit: 20 })),
  };
  close();
  return queries;
}

const measured = await measureRun(workOf(values.kind));
const queries = values.kind === 'stored' ? await measureQueries() : undefined;
rmSync(directory, { recursive: true });
console.log(JSON.stringify({ ...measured, ...(queries && { queries }) } satisfies ScalePoint));
