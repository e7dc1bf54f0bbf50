import fc from 'fast-check';
import type { Json, JsonObject } from '../../core/json/index.ts';
import { randomBehaviour } from './random-behaviour.ts';
import { randomWiring, wireCondition, wireInput, wireOutput, type Wiring, type Reach } from './random-wiring.ts';
import type { Behaviour, PolicyDocument, Scenario, Script, TaskDocument, WorkflowDocument } from './scenario.ts';

/*
 * A workflow is drawn as a list of genes, one for each task, and built from them by a plain function. Genes point
 * backwards by distance, so a shorter list or a smaller number is again a valid workflow, and a failing one shrinks to
 * few tasks that say little: the first member of every choice is the dullest, and cross-shrinking tries it.
 */
interface TaskGene {
  readonly dependencies: readonly { readonly back: number; readonly on: string }[];
  readonly join: string;
  readonly quorum: number;
  readonly agent: number;
  readonly parallel: boolean;
  readonly wiring: Wiring;
  readonly output: JsonObject | undefined;
  readonly timeout: number | string | undefined;
  readonly heartbeat: number | undefined;
  readonly policy: string | PolicyDocument | undefined;
  readonly continueOnFailure: boolean | undefined;
  /** By item, then by attempt. */
  readonly behaviours: readonly (readonly Behaviour[])[];
}

interface WorkflowGene {
  readonly tasks: readonly TaskGene[];
  readonly widths: readonly number[];
  readonly input: JsonObject;
  readonly outputs: Wiring | undefined;
  readonly onSkip: 'satisfies' | 'propagates' | undefined;
  readonly maxParallel: number | undefined;
  readonly onFailure: string | undefined;
  readonly grace: number | undefined;
  /** Of the whole execution, seconds. */
  readonly timeout: number | undefined;
  readonly cancelAt: number | undefined;
}

const okSchema: JsonObject = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } };

/** `picky` checks what it is given and what it answers; the others take and answer anything. */
const agentTypes: Scenario['agentTypes'] = {
  worker: {},
  picky: {
    input: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
    output: okSchema,
  },
};

const agentNames = ['solo', 'pair', 'crew', 'picky'];

const policies: Readonly<Record<string, PolicyDocument>> = {
  quick: { max_attempts: 3, interval: 1, backoff_rate: 2, max_delay: 3, jitter: 'none' },
  careful: {
    max_attempts: 4,
    interval: 0.5,
    backoff_rate: 1,
    max_delay: 60,
    jitter: 'none',
    retry_on: ['AgentThrottled', 'AttemptTimeout', 'AgentCrashed'],
  },
};

/** Mostly `first`; the others share the rest. */
function mostly<T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> {
  const rest = others.map((value) => ({ weight: 1, arbitrary: fc.constant(value) }));
  return fc.oneof({ withCrossShrink: true }, { weight: others.length * 2, arbitrary: fc.constant(first) }, ...rest);
}

/** Undefined, but for once in so many times. */
const seldom = <T>(value: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: oneIn - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: value },
  );

const ownPolicy: fc.Arbitrary<PolicyDocument> = fc.record({
  max_attempts: fc.integer({ min: 1, max: 4 }),
  interval: fc.constantFrom(1, 0, 2, 0.25),
  backoff_rate: fc.constantFrom(1, 2, 4),
  max_delay: fc.constantFrom(60, 3, 2),
  jitter: mostly<'none' | 'full'>('none', 'none', 'none', 'full'),
  retry_on: fc.constantFrom(
    undefined,
    ['Flaky'],
    ['AttemptTimeout', 'HeartbeatTimeout', 'AgentCrashed', 'InvalidInput'],
  ),
});

const policyChoice = fc.oneof(
  { withCrossShrink: true },
  { weight: 4, arbitrary: fc.constantFrom('none', 'quick', 'careful', 'fixed') },
  { weight: 1, arbitrary: fc.constantFrom('exponential_backoff', undefined) },
  { weight: 2, arbitrary: ownPolicy },
);

const taskGene: fc.Arbitrary<TaskGene> = fc.record({
  dependencies: fc.array(
    fc.record({
      back: fc.oneof({ withCrossShrink: true }, fc.nat(3), fc.nat(29)),
      on: mostly('success', 'success', 'success', 'done', 'failure', 'skipped'),
    }),
    { maxLength: 4, size: 'max' },
  ),
  join: mostly('all_success', 'all_success', 'all_done', 'any_success', 'none_failed', 'quorum'),
  quorum: fc.nat(3),
  agent: mostly(0, 0, 1, 2, 3),
  parallel: mostly(false, false, false, true),
  wiring: randomWiring,
  output: seldom(fc.constant(okSchema), 10),
  timeout: fc.oneof(
    { withCrossShrink: true },
    fc.constantFrom<(number | string | undefined)[]>(undefined, '1m30s'),
    fc.integer({ min: 2, max: 6 }),
  ),
  heartbeat: seldom(fc.integer({ min: 1, max: 2 }), 12),
  policy: policyChoice,
  continueOnFailure: fc.constantFrom<(boolean | undefined)[]>(undefined, true, true, undefined, false),
  behaviours: fc.array(fc.array(randomBehaviour, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
});

const randomGene: fc.Arbitrary<WorkflowGene> = fc.record({
  tasks: fc.oneof(
    { withCrossShrink: true },
    { weight: 40, arbitrary: fc.array(taskGene, { minLength: 1, maxLength: 14, size: 'max' }) },
    { weight: 1, arbitrary: fc.array(taskGene, { minLength: 30, maxLength: 30 }) },
  ),
  widths: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 2, max: 3 }), fc.integer({ min: 3, max: 5 })),
  input: fc.record({
    flag: fc.boolean(),
    n: fc.nat(9),
    label: fc.constantFrom('a', 'b', ''),
    list: fc.array(fc.nat(9), { maxLength: 3 }),
  }),
  outputs: seldom(randomWiring, 3),
  onSkip: mostly<'satisfies' | 'propagates' | undefined>(undefined, 'propagates', 'propagates', 'satisfies'),
  maxParallel: seldom(fc.integer({ min: 1, max: 4 }), 3),
  onFailure: fc.constantFrom<(string | undefined)[]>(
    undefined,
    'continue',
    'drain',
    'continue',
    'fail_fast',
    'continue',
  ),
  grace: fc.constantFrom(undefined, 1, 2, 3, 4, 0),
  timeout: seldom(fc.integer({ min: 1, max: 12 }), 10),
  cancelAt: seldom(fc.nat(9_000), 10),
});

function dependenciesOf(gene: TaskGene, position: number): { task: number; on: string }[] {
  if (position === 0) return [];
  const all = gene.dependencies.map(({ back, on }) => ({ task: position - 1 - (back % position), on }));
  return all.filter((edge, index) => all.findIndex(({ task }) => task === edge.task) === index);
}

/** Positions of everything upstream, by position. */
function upstreamOf(edges: readonly { task: number }[][]): Set<number>[] {
  const upstream: Set<number>[] = [];
  for (const own of edges) upstream.push(new Set(own.flatMap(({ task }) => [task, ...(upstream[task] ?? [])])));
  return upstream;
}

/** One id in five has a dash, which CEL reads as minus unless it is written in brackets. */
const idOf = (position: number): string => (position % 5 === 4 ? `t-${position}` : `t${position}`);

function reachOf(genes: readonly TaskGene[], positions: Iterable<number>): Reach[] {
  return [...positions].map((position) => {
    const { parallel, agent, output } = genes[position]!;
    return { id: idOf(position), isFanOut: parallel, isTyped: agentNames[agent] === 'picky' || output !== undefined };
  });
}

function joinOf(gene: TaskGene, edges: readonly unknown[]): TaskDocument['join'] {
  if (gene.join === 'quorum') return edges.length > 0 ? { quorum: 1 + (gene.quorum % edges.length) } : undefined;
  return gene.join === 'all_success' ? undefined : gene.join;
}

const secondsOf = (timeout: number | string | undefined): number => (typeof timeout === 'number' ? timeout : 90);

/** A document may not give a task more time than the execution has. */
function clocksOf(
  { timeout, heartbeat }: TaskGene,
  whole: number | undefined,
): Pick<TaskDocument, 'timeout' | 'heartbeat'> {
  const own = whole === undefined ? timeout : Math.min(secondsOf(timeout), whole);
  return { timeout: own, heartbeat: heartbeat !== undefined && heartbeat < secondsOf(own) ? heartbeat : undefined };
}

function buildTask(gene: WorkflowGene, position: number, around: ReturnType<typeof graphOf>): TaskDocument {
  const task = gene.tasks[position]!;
  const edges = around.edges[position]!;
  const reach = reachOf(gene.tasks, around.upstream[position]!);
  const dependsOn = edges.map(({ task: to, on }) => (on === 'success' ? idOf(to) : { task: idOf(to), on }));
  return {
    id: idOf(position),
    agent: agentNames[task.agent]!,
    depends_on: dependsOn.length > 0 ? dependsOn : undefined,
    join: joinOf(task, edges),
    when: wireCondition(task.wiring, reach, task.parallel),
    input: wireInput(task.wiring, reach, { inFanOut: task.parallel, isPicky: agentNames[task.agent] === 'picky' }),
    output: task.output,
    ...clocksOf(task, gene.timeout),
    retry_policy: task.policy,
    continue_on_failure: task.continueOnFailure,
    parallel: task.parallel || undefined,
  };
}

function graphOf(gene: WorkflowGene) {
  const edges = gene.tasks.map(dependenciesOf);
  return { edges, upstream: upstreamOf(edges) };
}

function widthOf(gene: WorkflowGene, agent: string): number | undefined {
  return agent === 'solo' ? gene.widths[0] : agent === 'pair' ? gene.widths[1] : agent === 'crew' ? gene.widths[2] : 2;
}

function buildDocument(gene: WorkflowGene): WorkflowDocument {
  const around = graphOf(gene);
  const tasks = gene.tasks.map((_task, position) => buildTask(gene, position, around));
  const agents = agentNames.filter((name) => tasks.some((task) => task.agent === name));
  const named = new Set(tasks.map((task) => task.retry_policy));
  const used = Object.entries(policies).filter(([name]) => named.has(name));
  const { onFailure, grace, outputs } = gene;
  return {
    workflow: {
      name: 'random-workflow',
      version: '1',
      output: outputs && wireOutput(outputs, reachOf(gene.tasks, gene.tasks.keys())),
      // Without a word the execution would end at a default that these rules do not know.
      timeout: gene.timeout ?? '24h',
      concurrency: gene.maxParallel === undefined ? undefined : { max_parallel: gene.maxParallel },
      on_skip: gene.onSkip,
      agents: Object.fromEntries(
        agents.map((name) => [name, { type: name === 'picky' ? 'picky' : 'worker', count: widthOf(gene, name) }]),
      ),
      retry_policies: used.length > 0 ? Object.fromEntries(used) : undefined,
      tasks,
      fault_tolerance: onFailure === undefined && grace === undefined ? undefined : { on_failure: onFailure, grace },
    },
  };
}

function buildScript(gene: WorkflowGene, document: WorkflowDocument): Script {
  const entries = document.workflow.tasks.flatMap((task, position) => {
    const { behaviours } = gene.tasks[position]!;
    if (task.parallel !== true) return [[task.id, behaviours[0]!] as const];
    const count = document.workflow.agents[task.agent]?.count ?? 1;
    return Array.from(
      { length: count },
      (_, item) => [`${task.id}[${item}]`, behaviours[item % behaviours.length]!] as const,
    );
  });
  return Object.fromEntries(entries);
}

/** Draining is slow, and the rules do not say what a command or a clock does to it: they are not drawn together. */
function withoutOpenQuestions(gene: WorkflowGene): WorkflowGene {
  return gene.onFailure === 'drain' ? { ...gene, timeout: undefined, cancelAt: undefined } : gene;
}

/** JSON and back: what was left out is not there, and -0 and holes cannot slip in. */
const plain = (scenario: Scenario): Scenario => JSON.parse(JSON.stringify(scenario)) as Scenario;

/** Any workflow of the thin path, with everything its agents will do. */
export const randomScenario: fc.Arbitrary<Scenario> = randomGene.map(withoutOpenQuestions).map((gene) => {
  const document = buildDocument(gene);
  const input: Json = gene.input;
  return plain({ document, agentTypes, script: buildScript(gene, document), input, cancelAt: gene.cancelAt });
});
