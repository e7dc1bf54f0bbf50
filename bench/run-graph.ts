// Runs one graph once in this process and prints { ms, makespan ratio, peak memory } as JSON. A process for each measurement:
// the peak memory of a process never falls.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLaptop } from '../local/index.ts';
import { agentFunctions, compileGraph } from './compile-graph.ts';
import { loadGraph, type GraphName } from './graphs.ts';

const { values } = parseArgs({
  options: {
    graph: { type: 'string', default: 'chain100' },
    store: { type: 'string', default: 'disk' },
    agents: { type: 'string', default: 'workers' },
    workers: { type: 'string', default: '4' },
    runs: { type: 'string', default: '5' },
  },
});

const graph = loadGraph(values.graph as GraphName);
const directory = mkdtempSync(join(tmpdir(), 'skein-bench-'));
const laptop = await openLaptop({
  ...(values.store === 'disk' && { database: join(directory, 'bench.db') }),
  workers: Number(values.workers),
  ...(values.agents === 'in-process' && { functions: agentFunctions }),
});
const version = await laptop.runtime.publish(compileGraph(graph));

const times: number[] = [];
const processorTimes: number[] = [];
for (let run = 0; run < Number(values.runs) + 1; run += 1) {
  const from = performance.now();
  const usedBefore = process.cpuUsage();
  const execution = await laptop.runtime.start({ ...version, input: {} });
  const view = await laptop.runtime.whenEnded(execution);
  if (view.status !== 'succeeded') throw new Error(`${view.status}: ${JSON.stringify(view.error)}`);
  times.push(performance.now() - from);
  const used = process.cpuUsage(usedBefore);
  processorTimes.push((used.user + used.system) / 1_000);
}
await laptop.close();
rmSync(directory, { recursive: true });

// The first run warms up: modules, workers, compiled code.
const [counted = [], processor = []] = [times, processorTimes].map((all) => all.slice(1).sort((a, b) => a - b));
console.log(
  JSON.stringify({
    tasks: graph.tasks.length,
    crit: graph.crit,
    min: counted[0],
    median: counted[Math.floor(counted.length / 2)],
    max: counted.at(-1),
    /** What this process used of the processor, its threads included; on a busy machine it says more than the clock. */
    processor: processor[Math.floor(processor.length / 2)],
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
