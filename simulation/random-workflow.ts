import fc from 'fast-check';
import type { JsonObject } from '../core/json/index.ts';
import { simulationStart as midnight } from './simulation-start.ts';
import { agentNames, capabilityOf, eventData, TaskBuilder, type Startable } from './random-document.ts';
import { mostly, okSchema, ownPolicy, seldom, taskGene, type Mixture, type TaskGene } from './random-gene.ts';
import { randomWiring, wireTree, type Reach, type Wiring } from './random-wiring.ts';
import type { PolicyDocument, Scenario, Script, TaskDocument, WorkflowDocument } from './scenario.ts';

interface WorkflowGene {
  readonly tasks: readonly TaskGene[];
  readonly widths: readonly number[];
  readonly outputs: Wiring | undefined;
  readonly onSkip: 'satisfies' | 'propagates' | undefined;
  readonly maxParallel: number | undefined;
  readonly onFailure: string | undefined;
  readonly grace: number | undefined;
  /** Of the whole execution, seconds. */
  readonly timeout: number | undefined;
  readonly defaults: WorkflowDocument['workflow']['defaults'];
  readonly flat: Flat | undefined;
  /** Its input has to have an integer `n`. */
  readonly isPicky: boolean;
}

type Flat = Pick<
  WorkflowDocument['workflow'],
  'max_retries' | 'retry_delay' | 'max_retry_delay' | 'exponential_backoff'
>;

interface ScenarioGene {
  readonly workflow: WorkflowGene;
  readonly children: readonly WorkflowGene[];
  readonly input: JsonObject;
  readonly cancelAt: number | undefined;
  readonly events: readonly { readonly at: number; readonly type: string; readonly pick: number }[];
  readonly echo: boolean;
}

/** `picky` checks what it is given and what it answers; the others take and answer anything. */
const agentTypes: Scenario['agentTypes'] = {
  worker: {},
  picky: {
    input: { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } },
    output: okSchema,
  },
};

const policies: Readonly<Record<string, PolicyDocument>> = {
  quick: { max_attempts: 3, interval: 1, backoff_rate: 2, max_delay: 3, jitter: 'none' },
  careful: {
    max_attempts: 4,
    interval: 0.5,
    backoff_rate: 1,
    jitter: 'none',
    retry_on: ['AgentThrottled', 'AttemptTimeout', 'AgentCrashed', 'AgentUnavailable'],
  },
};

/** Every kind of task, so that most executions have something of each and few are too large to read. */
export const wholeLanguage: Mixture = { agent: 24, child: 3, wait: 4, emit: 3, loop: 4, group: 4, forEach: 2 };

/** Agents and static fan-outs, and nothing inside of anything. */
export const plainTasks: Mixture = { agent: 1, child: 0, wait: 0, emit: 0, loop: 0, group: 0, forEach: 0 };

/** How deep containers stand in one another. */
const DEEPEST = 3;

const flat: fc.Arbitrary<Flat> = fc.record({
  max_retries: fc.constantFrom(1, 0, 2, undefined),
  retry_delay: fc.constantFrom(1, 0.5, undefined),
  max_retry_delay: fc.constantFrom(undefined, 2),
  exponential_backoff: fc.constantFrom<(boolean | undefined)[]>(false, undefined, true),
});

const defaults = fc.record({
  timeout: fc.constantFrom(undefined, 3),
  retry_policy: fc.oneof(fc.constantFrom<(string | undefined)[]>('quick', 'none', undefined), ownPolicy),
});

function workflowGene(tasks: fc.Arbitrary<readonly TaskGene[]>): fc.Arbitrary<WorkflowGene> {
  return fc.record({
    tasks,
    widths: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 2, max: 3 }), fc.integer({ min: 3, max: 5 })),
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
    defaults: seldom(defaults, 5),
    flat: seldom(flat, 5),
    isPicky: fc.nat(5).map((draw) => draw === 5),
  });
}

const input: fc.Arbitrary<JsonObject> = fc.record({
  flag: fc.boolean(),
  n: fc.nat(9),
  label: fc.constantFrom('a', 'b', ''),
  list: fc.array(fc.nat(9), { maxLength: 3 }),
  things: fc.array(fc.constantFrom({ n: 1, ok: true }, { n: 2, ok: false }, { n: 'three', ok: true }, null), {
    maxLength: 7,
  }),
  // Moments around the start, which is at midnight.
  soon: fc.integer({ min: 1, max: 4_000 }).map((after) => new Date(midnight + after).toISOString()),
  later: fc.integer({ min: 1, max: 9 }).map((after) => midnight / 1_000 + after / 2),
  past: fc.constantFrom('2026-11-20T06:00:00+02:00', 0),
});

const event = fc.record({ at: fc.nat(8_000), type: fc.constantFrom('ping', 'pong'), pick: fc.nat(59) });

function scenarioGene(mixture: Mixture): fc.Arbitrary<ScenarioGene> {
  const hasContainers = mixture.loop + mixture.group > 0;
  const task = taskGene(mixture, hasContainers ? DEEPEST - 1 : 0);
  const inChild = taskGene(mixture, hasContainers ? 1 : 0);
  const inGrandchild = taskGene({ ...mixture, child: 0 }, hasContainers ? 1 : 0);
  const own = fc.oneof(
    { withCrossShrink: true },
    { weight: 40, arbitrary: fc.array(task, { minLength: 1, maxLength: hasContainers ? 8 : 14, size: 'max' }) },
    { weight: 1, arbitrary: fc.array(task, { minLength: 1, maxLength: 30, size: 'max' }) },
  );
  const few = (one: fc.Arbitrary<TaskGene>) => workflowGene(fc.array(one, { minLength: 1, maxLength: 4 }));
  return fc.record({
    workflow: workflowGene(own),
    children: mixture.child > 0 ? fc.tuple(few(inGrandchild), few(inChild)) : fc.constant([]),
    input,
    cancelAt: seldom(fc.nat(9_000), 10),
    events: mixture.wait > 0 ? fc.array(event, { maxLength: 4 }) : fc.constant([]),
    echo: fc.nat(3).map((draw) => draw === 3),
  });
}

interface Built {
  readonly document: WorkflowDocument;
  readonly script: Script;
}

interface Named {
  readonly name: string;
  readonly letter: string;
  readonly children: readonly Startable[];
}

function build(gene: WorkflowGene, { name, letter, children }: Named): Built {
  const { onFailure, grace, outputs, timeout, isPicky } = gene;
  const builder = new TaskBuilder({ letter, timeout, children });
  const { tasks, reach } = builder.tasks(gene.tasks);
  const document: WorkflowDocument = {
    workflow: {
      name,
      version: '1',
      input: isPicky ? { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } } : undefined,
      output: outputs && outputOf(outputs, reach),
      // Without a word the execution would end at a default that these rules do not know.
      timeout: timeout ?? '24h',
      concurrency: gene.maxParallel === undefined ? undefined : { max_parallel: gene.maxParallel },
      on_skip: gene.onSkip,
      ...gene.flat,
      agents: agentsOf(gene, tasks),
      defaults: gene.defaults && within(gene.defaults, timeout),
      retry_policies: policiesOf(tasks, gene.defaults),
      tasks,
      fault_tolerance: onFailure === undefined && grace === undefined ? undefined : { on_failure: onFailure, grace },
    },
  };
  return { document, script: builder.script };
}

function outputOf(outputs: Wiring, reach: readonly Reach[]): JsonObject {
  return wireTree(outputs, { reach, hasIndex: false, item: undefined, loop: undefined }, 'o');
}

function within(said: NonNullable<WorkflowGene['defaults']>, whole: number | undefined): WorkflowGene['defaults'] {
  const { timeout } = said;
  return typeof timeout === 'number' && whole !== undefined ? { ...said, timeout: Math.min(timeout, whole) } : said;
}

function policiesOf(tasks: readonly TaskDocument[], said: WorkflowGene['defaults']): Record<string, PolicyDocument> {
  const text = JSON.stringify([tasks, said]);
  return Object.fromEntries(Object.entries(policies).filter(([name]) => text.includes(`"retry_policy":"${name}"`)));
}

function agentsOf({ widths }: WorkflowGene, tasks: readonly TaskDocument[]): WorkflowDocument['workflow']['agents'] {
  const text = JSON.stringify(tasks);
  const used = agentNames.filter((name) => text.includes(`"${name}"`) || text.includes(`"${capabilityOf(name)}"`));
  return Object.fromEntries(
    used.map((name) => [
      name,
      {
        type: name === 'picky' ? 'picky' : 'worker',
        count: widths[agentNames.indexOf(name)] ?? 2,
        capabilities: [capabilityOf(name)],
      },
    ]),
  );
}

/** JSON and back: what was left out is not there, and -0 and holes cannot slip in. */
const plain = (scenario: Scenario): Scenario => JSON.parse(JSON.stringify(scenario)) as Scenario;

function startableOf([grandchild, child]: readonly WorkflowGene[]): Startable[] {
  if (!grandchild || !child) return [];
  return [
    { name: 'child', isPicky: child.isPicky },
    { name: 'grandchild', isPicky: grandchild.isPicky },
  ];
}

/** The first child starts nobody, the second perhaps the first. */
function childrenOf(genes: readonly WorkflowGene[], text: string): Built[] {
  const [grandchild, child] = genes;
  if (!grandchild || !child) return [];
  const [, ofGrandchild] = startableOf(genes);
  const built = [
    build(grandchild, { name: 'grandchild', letter: 'v', children: [] }),
    build(child, { name: 'child', letter: 'u', children: ofGrandchild ? [ofGrandchild] : [] }),
  ];
  const isUsed = ({ document }: Built) => text.includes(`"name":"${document.workflow.name}"`);
  return built.filter(
    (one, position) => isUsed(one) || (position === 0 && JSON.stringify(built[1]).includes('"name":"grandchild"')),
  );
}

/** Any workflow of a mixture, with everything its agents and the world around it will do. */
export function randomScenarioOf(mixture: Mixture): fc.Arbitrary<Scenario> {
  return scenarioGene(mixture).map(({ workflow, children, ...around }) => {
    const own = build(workflow, { name: 'random-workflow', letter: 't', children: startableOf(children) });
    const others = childrenOf(children, JSON.stringify(own.document));
    const events = around.events
      .map(({ at, type, pick }) => ({ at, type, data: eventData(pick) }))
      .sort((a, b) => a.at - b.at);
    return plain({
      document: own.document,
      children: others.length > 0 ? others.map(({ document }) => document) : undefined,
      agentTypes,
      script: Object.assign({}, ...[own, ...others].map(({ script }) => script)) as Script,
      input: around.input,
      cancelAt: around.cancelAt,
      events: events.length > 0 ? events : undefined,
      echo: around.echo || undefined,
    });
  });
}

export const randomScenario = randomScenarioOf(plainTasks);
