import { alignedTable } from '../table.ts';
import type { GraphFigures } from './figures.ts';
import type { Totals, Worst } from './totals.ts';

const heads = [
  ...['graph', 'tasks', 'edges', 'reduced', 'states', 'gates', 'gated tasks', 'fan-in', 'kB', 'events', 'machines'],
  ...['compile ms', 'processor ms', 'makespan ÷ critical path', 'in waves', 'durations'],
];

/** Characters of an id, and ids in a line; `--json` has all of them. */
const LONGEST_ID = 60;
const SHOWN = 10;

/** A row a graph, then what all of them say together. */
export function renderReport(graphs: readonly GraphFigures[], totals: Totals): string {
  return `${alignedTable([heads, ...graphs.map(rowOf)])}\n\n${totalLines(totals).join('\n')}\n`;
}

function rowOf(it: GraphFigures): string[] {
  const counts = [it.tasks, it.edges, it.edgesReduced, it.states, it.gates, it.gatedTasks, it.largestFanIn];
  return [
    it.id.length > LONGEST_ID ? `${it.id.slice(0, LONGEST_ID - 1)}…` : it.id,
    ...counts.map(String),
    (it.bytes / 1_000).toFixed(0),
    `${it.events}`,
    `${it.machines}${it.withinBudget ? '' : ' (over budget)'}`,
    it.compile.sum.toFixed(2),
    it.processor.toFixed(1),
    `${it.makespanRatio.toFixed(3)}${it.lateTasks > 0 ? ` (${it.lateTasks} late)` : ''}`,
    it.waveRatio.toFixed(3),
    it.durations,
  ];
}

function totalLines(totals: Totals): string[] {
  const { worst, waves } = totals;
  const { recorded, lognormal } = waves;
  return [
    `${totals.graphs} graphs, ${totals.tasks} tasks. ${share(
      'broken',
      totals.broken.map(({ id, problem }) => `${id}: ${problem}`),
    )}`,
    `Closure of machine and gates against the author's graph: ${share('different', totals.closureDiffers)}`,
    `Tasks called at the first moment that the graph allows, on the embedded runtime with simulated time: ${share('late', totals.late)}`,
    `Without a gate: ${totals.withoutGates} graphs. Gated tasks in all: ${totals.gatedTasks}.`,
    `Up to 1,000 tasks, over 850 KB, 960 KB escaped or 15,000 events in one machine: ${share('over', totals.overBudget)}`,
    `More than 1,000 tasks, over the same: ${share('over', totals.largeOverBudget)}`,
    `Up to 1,000 tasks, compiled with more than 50 ms of the processor: ${share('slow', totals.slow)}`,
    `Worst up to 1,000 tasks: ${(worst.bytes.value / 1_000).toFixed(0)} kB (${worst.bytes.id}); ${worst.events.value} events (${worst.events.id}); ${inMs(worst.processorTo1000)}.`,
    `Worst of all: fan-in ${worst.largestFanIn.value} (${worst.largestFanIn.id}); ${inMs(worst.processor)}; makespan ÷ critical path ${worst.makespanRatio.value.toFixed(3)}.`,
    `Layer by layer instead, recorded durations (${recorded.graphs} graphs): median ${ofWaves(recorded)}; lognormal, σ = 1 (${lognormal.graphs} graphs): median ${ofWaves(lognormal)}.`,
  ];
}

function inMs({ value, id }: Worst): string {
  return `${value.toFixed(1)} ms of the processor to compile (${id})`;
}

function ofWaves({ median, worst }: { median: number; worst: Worst }): string {
  return `${median.toFixed(3)}, worst ${worst.value.toFixed(3)} (${worst.id})`;
}

function share(what: string, ids: readonly string[]): string {
  if (ids.length === 0) return `none ${what}.`;
  const more = ids.length > SHOWN ? `; and ${ids.length - SHOWN} more` : '';
  return `${ids.length} ${what}: ${ids.slice(0, SHOWN).join('; ')}${more}.`;
}
