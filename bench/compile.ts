// How long compiling takes once the text is parsed: validate, plan and lower, warm, median of several runs.
import { parseDefinition } from '../core/definition/index.ts';
import { plan } from '../core/plan/index.ts';
import { validate, type ValidDefinition } from '../core/validation/index.ts';
import { lower, measure } from '../statemachines/index.ts';
import { loadGraph } from './graphs.ts';

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

const agentType = { name: 'noop', runtime: 'local', module: '/noop.ts', capabilities: [] } as const;

function peerGraph(name: 'chain100' | 'fan1000' | 'rand1000'): CompileGraph {
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

function textOf({ dependencies }: CompileGraph): string {
  const tasks = dependencies.map((on, task) => ({ id: `t${task}`, agent: 'a', depends_on: on.map((it) => `t${it}`) }));
  return JSON.stringify({ workflow: { name: 'bench', version: '1', agents: { a: { type: 'noop' } }, tasks } });
}

interface Times {
  readonly validate: number;
  readonly plan: number;
  readonly lower: number;
}

function compileTimes(graph: CompileGraph): { times: Times; gates: number; bytes: number } {
  const { definition } = parseDefinition({ name: `${graph.name}.json`, text: textOf(graph) });
  if (!definition) throw new Error(`${graph.name} does not parse`);
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    const checked = validate(definition, { catalogue: new Map([['noop', agentType]]), forRun: true });
    const validated = performance.now();
    const planned = plan(validOf(checked.valid, graph));
    const plannedAt = performance.now();
    const machine = lower(planned);
    const lowered = performance.now();
    return { planned, machine, times: [validated - start, plannedAt - validated, lowered - plannedAt] };
  });
  const [first] = rounds;
  if (!first) throw new Error('no round was run');
  const of = (stage: number): number => median(rounds.map(({ times }) => times[stage] ?? 0));
  const bytes = measure(first.machine).figures[0]?.value ?? 0;
  return { times: { validate: of(0), plan: of(1), lower: of(2) }, gates: first.planned.gates.length, bytes };
}

function validOf(valid: ValidDefinition | undefined, { name }: CompileGraph): ValidDefinition {
  if (!valid) throw new Error(`${name} is not valid`);
  return valid;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

const graphs = [
  peerGraph('chain100'),
  peerGraph('fan1000'),
  peerGraph('rand1000'),
  layered(1_000),
  layered(10_000),
  chain(10_000),
];

const rows = graphs.map((graph) => {
  const { times, gates, bytes } = compileTimes(graph);
  const tasks = graph.dependencies.length;
  const sum = times.validate + times.plan + times.lower;
  const target = TARGETS.find((it) => tasks <= it.tasks)?.ms ?? Infinity;
  const figures = [times.validate, times.plan, times.lower, sum].map((ms) => ms.toFixed(1));
  return [graph.name, `${tasks}`, ...figures, `${target}`, `${gates}`, `${Math.round(bytes / 1000)}`];
});
const heads = ['graph', 'tasks', 'validate ms', 'plan ms', 'lower ms', 'sum ms', 'target ms', 'gates', 'kB'];
const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
for (const row of [heads, ...rows])
  console.log(row.map((text, column) => text.padStart(widths[column] ?? 0)).join('  '));
