import { median } from '../median.ts';
import type { GraphFigures } from './figures.ts';

export interface BrokenGraph {
  readonly id: string;
  readonly problem: string;
}

/** A figure, and the graph that has it. */
export interface Worst {
  readonly value: number;
  readonly id: string;
}

export interface Totals {
  readonly graphs: number;
  readonly broken: readonly BrokenGraph[];
  /** Graphs whose machine and gates order what their authors did not, or the other way round. */
  readonly closureDiffers: readonly string[];
  readonly late: readonly string[];
  /** Up to 1,000 tasks: over a budget of one machine, over the time of the processor. */
  readonly overBudget: readonly string[];
  readonly slow: readonly string[];
  /** Larger than 1,000 tasks, and over a budget of one machine. */
  readonly largeOverBudget: readonly string[];
  readonly withoutGates: number;
  readonly tasks: number;
  readonly gatedTasks: number;
  readonly worst: Readonly<Record<WorstFigure, Worst>>;
  readonly waves: Readonly<Record<GraphFigures['durations'], { graphs: number; median: number; worst: Worst }>>;
  /** Nothing broke, every closure is equal, no task was late, no graph of up to 1,000 tasks is over a budget. */
  readonly promisesKept: boolean;
}

export type WorstFigure = 'bytes' | 'events' | 'largestFanIn' | 'makespanRatio' | 'processor' | 'processorTo1000';

/** One machine has to do up to here, and compiling may take this long. */
const TASKS = 1_000;
const MILLISECONDS = 50;

export function totalsOf(graphs: readonly GraphFigures[], broken: readonly BrokenGraph[]): Totals {
  const idsOf = (which: (figures: GraphFigures) => boolean): string[] => graphs.filter(which).map(({ id }) => id);
  const small = graphs.filter(({ tasks }) => tasks <= TASKS);
  const closureDiffers = idsOf(({ closureEqual }) => !closureEqual);
  const late = idsOf(({ lateTasks }) => lateTasks > 0);
  const overBudget = idsOf(({ tasks, withinBudget }) => tasks <= TASKS && !withinBudget);
  return {
    graphs: graphs.length,
    broken,
    closureDiffers,
    late,
    overBudget,
    slow: idsOf(({ tasks, processor }) => tasks <= TASKS && processor > MILLISECONDS),
    largeOverBudget: idsOf(({ tasks, withinBudget }) => tasks > TASKS && !withinBudget),
    withoutGates: graphs.filter(({ gates }) => gates === 0).length,
    tasks: sum(graphs, ({ tasks }) => tasks),
    gatedTasks: sum(graphs, ({ gatedTasks }) => gatedTasks),
    worst: {
      bytes: worstOf(small, ({ bytes }) => bytes),
      events: worstOf(small, ({ events }) => events),
      largestFanIn: worstOf(graphs, ({ largestFanIn }) => largestFanIn),
      makespanRatio: worstOf(graphs, ({ makespanRatio }) => makespanRatio),
      processor: worstOf(graphs, ({ processor }) => processor),
      processorTo1000: worstOf(small, ({ processor }) => processor),
    },
    waves: { recorded: wavesOf(graphs, 'recorded'), lognormal: wavesOf(graphs, 'lognormal') },
    promisesKept: [broken, closureDiffers, late, overBudget].every(({ length }) => length === 0),
  };
}

function wavesOf(graphs: readonly GraphFigures[], kind: GraphFigures['durations']) {
  const those = graphs.filter(({ durations }) => durations === kind);
  return {
    graphs: those.length,
    median: median(those.map(({ waveRatio }) => waveRatio)),
    worst: worstOf(those, ({ waveRatio }) => waveRatio),
  };
}

function sum(graphs: readonly GraphFigures[], of: (figures: GraphFigures) => number): number {
  return graphs.reduce((total, figures) => total + of(figures), 0);
}

function worstOf(graphs: readonly GraphFigures[], of: (figures: GraphFigures) => number): Worst {
  return graphs.reduce<Worst>(
    (worst, figures) => (of(figures) > worst.value ? { value: of(figures), id: figures.id } : worst),
    { value: 0, id: '' },
  );
}
