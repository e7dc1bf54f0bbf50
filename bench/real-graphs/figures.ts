import type { Definition } from '../../core/definition/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import { lower, measurePartition, type Partition } from '../../statemachines/index.ts';
import { compileRepeatedly, definitionOf, type CompiledRepeatedly, type CompileTimes } from '../compile-times.ts';
import { orderOfMachine, sameClosure } from './closure.ts';
import type { CorpusGraph } from './corpus.ts';
import { durationsOf } from './durations.ts';
import { legalNames } from './legal-names.ts';
import { makespansOf } from './makespans.ts';
import { runSimulated } from './simulated-run.ts';

/** What compiling and running one graph showed. */
export interface GraphFigures {
  readonly id: string;
  readonly family: string;
  readonly synthetic: boolean;
  readonly tasks: number;
  readonly edges: number;
  readonly edgesReduced: number;
  readonly states: number;
  /** Edges that the machine's structure does not imply, and the tasks that they hold. */
  readonly gates: number;
  readonly gatedTasks: number;
  /** Direct dependencies of one task, after reduction. */
  readonly largestFanIn: number;
  /** Of the definition, linked. */
  readonly bytes: number;
  readonly bytesEscaped: number;
  readonly events: number;
  readonly machines: number;
  readonly withinBudget: boolean;
  readonly longestName: number;
  /** Milliseconds, without reading the text: of the clock, and of the processor. */
  readonly compile: CompileTimes;
  readonly processor: number;
  readonly closureEqual: boolean;
  readonly durations: 'recorded' | 'lognormal';
  /** Milliseconds. */
  readonly criticalPath: number;
  /** What the compiled machine takes on the embedded runtime, by the critical path; layer by layer, by the same. */
  readonly makespanRatio: number;
  readonly waveRatio: number;
  /** Tasks that were called later than the graph allows. */
  readonly lateTasks: number;
}

/** Seconds: no timeout shall end a task that took an hour on record, or a long chain of such. */
const TASK_TIMEOUT = 1_000_000;
const TIMEOUT = 31_536_000;

/** Rounds of compiling: enough of them that a small graph is warm, few enough that a large one is done in seconds. */
const ROUNDS = { small: 15, large: 5, many: 3_000 };

export async function figuresOf(
  graph: CorpusGraph,
  { rounds = graph.tasks.length > ROUNDS.many ? ROUNDS.large : ROUNDS.small } = {},
): Promise<GraphFigures> {
  const names = legalNames(graph.tasks.map(({ id }) => id));
  const compiled = compileRepeatedly(definitionOfGraph(graph, names), rounds);
  return { ...identityOf(graph), ...structureOf(graph, names, compiled), ...(await timesOf(graph, names, compiled)) };
}

function identityOf({ id, family, synthetic, tasks, edges }: CorpusGraph) {
  return { id, family, synthetic: synthetic === true, tasks: tasks.length, edges: edges.length };
}

function definitionOfGraph({ tasks, edges }: CorpusGraph, names: ReadonlyMap<string, string>): Definition {
  const producers = Map.groupBy(edges, ([, to]) => to);
  const nameOf = (id: string): string => names.get(id) ?? id;
  return definitionOf(
    tasks.map(({ id }) => ({
      id: nameOf(id),
      ...(nameOf(id) !== id && { description: id }),
      depends_on: (producers.get(id) ?? []).map(([from]) => nameOf(from)),
      timeout: TASK_TIMEOUT,
    })),
    TIMEOUT,
  );
}

function structureOf({ tasks, edges }: CorpusGraph, names: ReadonlyMap<string, string>, compiled: CompiledRepeatedly) {
  const { plan, machine, parts, times, processor } = compiled;
  const number = new Map(tasks.map(({ id }, index) => [id, index]));
  const numberOfName = new Map(tasks.map(({ id }, index) => [names.get(id) ?? id, index]));
  const author = edges.map(([from, to]) => [number.get(from) ?? 0, number.get(to) ?? 0] as const);
  const given = { tasks: tasks.length, vertices: tasks.length, edges: author };
  return {
    edgesReduced: plan.edges.length,
    gates: plan.gates.length,
    gatedTasks: new Set(plan.gates.map(({ to }) => to)).size,
    largestFanIn: largestFanIn(plan),
    ...sizesOf({ root: machine, parts }),
    compile: times,
    processor,
    closureEqual: sameClosure(orderOfMachine(lower(plan), plan.gates, numberOfName), given),
  };
}

function largestFanIn({ edges }: Plan): number {
  return Math.max(
    0,
    ...Map.groupBy(edges, ({ to }) => to)
      .values()
      .map(({ length }) => length),
  );
}

/** As deployed, with ARNs of the usual length; of several machines the worst. */
function sizesOf(machines: Partition) {
  const { figures, states, diagnostics } = measurePartition(machines);
  const value = (name: string): number => figures.find((figure) => figure.name === name)?.value ?? 0;
  return {
    states,
    bytes: value('definition'),
    bytesEscaped: value('definition, escaped'),
    events: value('history'),
    longestName: value('longest state name'),
    machines: 1 + machines.parts.length,
    withinBudget: diagnostics.length === 0,
  };
}

async function timesOf(graph: CorpusGraph, names: ReadonlyMap<string, string>, compiled: CompiledRepeatedly) {
  const durations = durationsOf(graph);
  const { criticalPath, waves, earliest } = makespansOf(graph, durations.of);
  const byName = new Map(graph.tasks.map(({ id }) => [names.get(id) ?? id, durations.of.get(id) ?? 0]));
  const { makespan, calledAt } = await runSimulated(compiled, byName);
  const isLate = (id: string): boolean => calledAt.get(names.get(id) ?? id) !== earliest.get(id);
  const ratio = (milliseconds: number): number => (criticalPath === 0 ? 1 : milliseconds / criticalPath);
  return {
    durations: durations.kind,
    criticalPath,
    makespanRatio: ratio(makespan),
    waveRatio: ratio(waves),
    lateTasks: graph.tasks.filter(({ id }) => isLate(id)).length,
  };
}
