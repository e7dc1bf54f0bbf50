// How many events a second are folded into views, in one thread: those of a real run. Run: node bench/projections.ts [--json]
import { parseArgs } from 'node:util';
import type { SkeinEvent } from '../core/execution/index.ts';
import { createViewBuilder, foldEvents } from '../core/projections/index.ts';
import type { CompiledWorkflow } from '../compiler/index.ts';
import { openLaptop } from '../local/index.ts';
import { agentFunctions, compileGraph, compileTasks } from './compile-graph.ts';
import { loadGraph } from './graphs.ts';
import { median } from './median.ts';
import { alignedTable } from './table.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const ROUNDS = 60;
/** As the runtime keeps a view: a batch of events, and then the view is taken to be stored. */
const BATCH = 500;
const ITEMS = 1_000;

async function eventsOf(compiled: CompiledWorkflow): Promise<readonly SkeinEvent[]> {
  const laptop = await openLaptop({ functions: agentFunctions });
  const version = await laptop.runtime.publish(compiled);
  const execution = await laptop.runtime.start({ ...version, input: {} });
  await laptop.runtime.whenEnded(execution);
  const events = await laptop.reader.events(execution);
  await laptop.close();
  return events;
}

function inBatches(events: readonly SkeinEvent[]): void {
  const builder = createViewBuilder();
  for (let from = 0; from < events.length; from += BATCH) {
    for (const event of events.slice(from, from + BATCH)) builder.add(event);
    builder.view();
  }
}

/** Events a second, the median of the later half of the rounds. */
function speedOf(events: readonly SkeinEvent[], fold: (events: readonly SkeinEvent[]) => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const from = performance.now();
    fold(events);
    return performance.now() - from;
  });
  return (1_000 * events.length) / median(times.slice(ROUNDS / 2));
}

const items = Array.from({ length: ITEMS }, (_, n) => n);
const lists = {
  rand1000: await eventsOf(compileGraph(loadGraph('rand1000'))),
  [`for_each of ${ITEMS}`]: await eventsOf(
    compileTasks([{ id: 'each', agent: 'worker', for_each: { items, max_concurrency: 64 }, input: { ms: 0 } }]),
  ),
};
const rows = Object.entries(lists).map(([name, events]) => ({
  events: name,
  count: events.length,
  atOnce: speedOf(events, foldEvents),
  inBatches: speedOf(events, inBatches),
}));

if (values.json) console.log(JSON.stringify(rows));
else {
  const figures = (count: number) => Math.round(count).toLocaleString('en');
  console.log('Events folded into views, a second, in one thread; the design asks for more than 100,000.');
  console.log(
    alignedTable([
      ['of a run of', 'events', 'at once', `a view after each ${BATCH}`],
      ...rows.map((row) => [row.events, ...[row.count, row.atOnce, row.inBatches].map(figures)]),
    ]),
  );
}
