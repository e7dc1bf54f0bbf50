// How long compiling takes once the text is parsed: validate, plan and lower, warm, median of several runs; and what of that is the processor's.
import { measurePartition } from '../statemachines/index.ts';
import { compileRepeatedly, definitionOf } from './compile-times.ts';
import { loadGraph, type GraphName } from './graphs.ts';
import { alignedTable } from './table.ts';

interface CompileGraph {
  readonly name: string;
  /** By task: what it depends on. */
  readonly dependencies: readonly (readonly number[])[];
}

/** The design asks for 50 ms at 1,000 tasks and a second at 10,000; graphs of about that size are held against it. */
const TARGETS: readonly { readonly tasks: number; readonly ms: number }[] = [
  { tasks: 1_500, ms: 50 },
  { tasks: 15_000, ms: 1_000 },
];

const ROUNDS = 9;

function peerGraph(name: GraphName): CompileGraph {
  const { tasks } = loadGraph(name);
  const position = new Map(tasks.map(({ id }, index) => [id, index]));
  return { name, dependencies: tasks.map(({ deps }) => deps.map((id) => position.get(id) ?? 0)) };
}

/** Rows as wide as they are many; each task has two producers in the row before. Nothing about it is series-parallel. */
function layered(count: number): CompileGraph {
  const width = Math.ceil(Math.sqrt(count));
  let value = 1;
  const draw = (): number => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((value / 2 ** 32) * width);
  };
  const dependencies = Array.from({ length: count }, (_, task) => {
    const row = Math.floor(task / width) - 1;
    return row < 0 ? [] : [...new Set([row * width + draw(), row * width + draw()])];
  });
  return { name: `layered${count}`, dependencies };
}

function chain(count: number): CompileGraph {
  return { name: `chain${count}`, dependencies: Array.from({ length: count }, (_, task) => (task ? [task - 1] : [])) };
}

function sideBySide(count: number): CompileGraph {
  return { name: `sideBySide${count}`, dependencies: Array.from({ length: count }, () => []) };
}

/** Each task waits for two of the twenty before it. */
function sliding(count: number): CompileGraph {
  let value = 7;
  const draw = (): number => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return 1 + Math.floor((value / 2 ** 32) * 20);
  };
  const dependencies = Array.from({ length: count }, (_, task) => [
    ...new Set([draw(), draw()].map((back) => task - back).filter((it) => it >= 0)),
  ]);
  return { name: `sliding${count}`, dependencies };
}

/** Stages in which everyone waits for everyone of the stage before; and from each stage a leaf that follows its first task alone. */
function stagesWithLeaves(stages: number, width: number): CompileGraph {
  const range = (length: number, from: number): number[] => Array.from({ length }, (_, index) => from + index);
  const dependencies = [
    ...range(stages * width, 0).map((task) => {
      const stage = Math.floor(task / width);
      return stage === 0 ? [] : range(width, (stage - 1) * width);
    }),
    ...range(stages, 0).map((stage) => [stage * width]),
  ];
  return { name: `stages${stages}x${width}`, dependencies };
}

function rowOf({ name, dependencies }: CompileGraph): string[] {
  const tasks = dependencies.map((on, task) => ({ id: `t${task}`, depends_on: on.map((it) => `t${it}`) }));
  const { times, processor, plan, machine, parts } = compileRepeatedly(definitionOf(tasks), ROUNDS);
  const target = TARGETS.find((it) => tasks.length <= it.tasks)?.ms ?? Infinity;
  const figures = [times.validate, times.plan, times.lower, times.sum, processor].map((ms) => ms.toFixed(1));
  const gated = new Set(plan.gates.map(({ to }) => to)).size;
  const largest = measurePartition({ root: machine, parts }).figures[0]?.value ?? 0;
  return [
    name,
    ...[tasks.length, plan.edges.length].map(String),
    ...figures,
    `${target}`,
    `${gated}`,
    `${1 + parts.length}`,
    `${Math.round(largest / 1000)}`,
  ];
}

const graphs = [
  peerGraph('chain100'),
  peerGraph('fan1000'),
  peerGraph('rand1000'),
  layered(1_000),
  stagesWithLeaves(50, 20),
  layered(5_000),
  layered(10_000),
  chain(10_000),
  sideBySide(10_000),
  sliding(10_000),
];

const heads = [
  'graph',
  'tasks',
  'edges',
  'validate ms',
  'plan ms',
  'lower ms',
  'sum ms',
  'processor ms',
  'target ms',
  'gated',
  'machines',
  'largest kB',
];
console.log(alignedTable([heads, ...graphs.map(rowOf)]));
