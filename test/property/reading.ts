import type { Json, JsonObject } from '../../core/json/index.ts';
import type {
  ForEachDocument,
  Scenario,
  TaskDocument,
  WaitDocument,
  WorkflowDocument,
} from '../../simulation/index.ts';
import { milliseconds } from './durations.ts';
import { soleExpression, tasksNamedIn } from './expression.ts';
import { policyOf, type Policy } from './policy.ts';

export type Join = string | { readonly quorum: number };

export interface Edge {
  readonly task: string;
  readonly on: string;
}

export interface AgentWork {
  readonly kind: 'agent';
  readonly input: Json;
  readonly inputSchemas: readonly JsonObject[];
  readonly outputSchemas: readonly JsonObject[];
  readonly timeout: number;
  readonly heartbeat: number | undefined;
  readonly policy: Policy;
}

export interface ChildWork {
  readonly kind: 'child';
  readonly workflow: Workflow;
  readonly input: Json;
  readonly outputSchemas: readonly JsonObject[];
  readonly timeout: number;
}

export type Wait =
  | { readonly kind: 'seconds'; readonly span: number }
  | { readonly kind: 'until'; readonly until: Json }
  | { readonly kind: 'event'; readonly type: string; readonly match: Json; readonly timeout: number };

export type Work =
  | AgentWork
  | ChildWork
  | { readonly kind: 'wait'; readonly wait: Wait }
  | { readonly kind: 'emit'; readonly type: string; readonly data: Json }
  | { readonly kind: 'group'; readonly maxParallel: number; readonly region: Region }
  | {
      readonly kind: 'loop';
      readonly most: number;
      readonly until: string | undefined;
      readonly failsExhausted: boolean;
      readonly region: Region;
    };

/** What makes one task several: a fan-out's width, or the list of a `for_each`. */
export type Spread =
  | { readonly kind: 'fan'; readonly count: number }
  | {
      readonly kind: 'each';
      readonly items: Json;
      readonly maxItems: number;
      readonly maxConcurrency: number;
      readonly batch: number | undefined;
      readonly tolerate: number | string;
    };

/** A task as the rules need it: defaults written out, times in milliseconds. */
export interface Task {
  readonly id: string;
  readonly dependsOn: readonly Edge[];
  readonly join: Join;
  readonly when: string | undefined;
  readonly continueOnFailure: boolean;
  readonly work: Work;
  readonly spread: Spread | undefined;
  /** Every task that its own keys name. */
  readonly names: readonly string[];
}

/** One list of tasks: the workflow's, a group's, or a loop's body. */
export interface Region {
  readonly tasks: readonly Task[];
  readonly byId: ReadonlyMap<string, Task>;
  /** By id, every task that must have a say before it: those that its expressions may name. */
  readonly upstream: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A document, read for the rules. */
export interface Workflow {
  readonly name: string;
  readonly version: string;
  readonly region: Region;
  readonly onFailure: string;
  readonly skipPropagates: boolean;
  readonly grace: number;
  readonly timeout: number;
  readonly maxParallel: number;
  readonly inputSchema: JsonObject | undefined;
  readonly output: Json | undefined;
}

const orForever = (duration: number | string | undefined): number =>
  duration === undefined ? Infinity : milliseconds(duration);

/** Reads one document; `children` are those that it may start, by name. */
class Reader {
  readonly #document: WorkflowDocument['workflow'];
  readonly #scenario: Scenario;
  readonly #children: ReadonlyMap<string, Workflow>;

  constructor(document: WorkflowDocument, scenario: Scenario, children: ReadonlyMap<string, Workflow>) {
    this.#document = document.workflow;
    this.#scenario = scenario;
    this.#children = children;
  }

  workflow(): Workflow {
    const { name, version, tasks, fault_tolerance: tolerance, on_skip: onSkip, ...rest } = this.#document;
    return {
      name,
      version,
      region: this.#region(tasks),
      onFailure: tolerance?.on_failure ?? 'fail_fast',
      skipPropagates: onSkip === 'propagates',
      grace: milliseconds(tolerance?.grace ?? 30),
      // Infinity where the author says nothing, because the rules name no default.
      timeout: orForever(rest.timeout),
      maxParallel: rest.concurrency?.max_parallel ?? Infinity,
      inputSchema: rest.input,
      output: rest.output,
    };
  }

  #region(documents: readonly TaskDocument[]): Region {
    const tasks = documents.map((document) => this.#task(document));
    return { tasks, byId: new Map(tasks.map((task) => [task.id, task])), upstream: upstreamOf(tasks) };
  }

  #task(document: TaskDocument): Task {
    const { id, depends_on: edges = [], join = 'all_success', when, for_each: each, parallel } = document;
    return {
      id,
      dependsOn: edges.map((one) => (typeof one === 'string' ? { task: one, on: 'success' } : one)),
      join,
      when,
      continueOnFailure: document.continue_on_failure ?? false,
      work: this.#work(document),
      spread: each ? readForEach(each) : parallel === true ? { kind: 'fan', count: this.#width(document) } : undefined,
      names: tasksNamedIn(ownKeysOf(document)),
    };
  }

  #work(document: TaskDocument): Work {
    const { wait, emit, loop, group, workflow: child } = document;
    if (wait) return { kind: 'wait', wait: readWait(wait) };
    if (emit) return { kind: 'emit', type: emit.event, data: emit.data ?? null };
    if (group) return { kind: 'group', maxParallel: group.max_parallel ?? Infinity, region: this.#region(group.tasks) };
    if (loop)
      return {
        kind: 'loop',
        most: loop.max_iterations,
        until: loop.until,
        failsExhausted: loop.on_exhausted === 'fail',
        region: this.#region(loop.tasks),
      };
    return child ? this.#child(document, child) : this.#agent(document);
  }

  #child(document: TaskDocument, { name, input = {} }: NonNullable<TaskDocument['workflow']>): Work {
    const workflow = this.#children.get(name);
    if (!workflow) throw new Error(`the oracle knows no workflow ${name}`);
    const outputSchemas = document.output ? [document.output] : [];
    return { kind: 'child', workflow, input, outputSchemas, timeout: orForever(document.timeout) };
  }

  #agent(document: TaskDocument): AgentWork {
    const type = this.#scenario.agentTypes[this.#agentOf(document)?.type ?? ''];
    return {
      kind: 'agent',
      input: document.input ?? {},
      inputSchemas: type?.input ? [type.input] : [],
      outputSchemas: [type?.output, document.output].filter((schema) => schema !== undefined),
      timeout: milliseconds(document.timeout ?? this.#document.defaults?.timeout ?? 300),
      heartbeat: document.heartbeat === undefined ? undefined : milliseconds(document.heartbeat),
      policy: policyOf(document.retry_policy, this.#document),
    };
  }

  #agentOf({ agent, requires = [] }: TaskDocument) {
    const agents = this.#document.agents ?? {};
    if (agent !== undefined) return agents[agent];
    return Object.values(agents).find(({ capabilities = [] }) => requires.every((one) => capabilities.includes(one)));
  }

  #width(document: TaskDocument): number {
    return this.#agentOf(document)?.count ?? 1;
  }
}

function readForEach(each: ForEachDocument): Spread {
  return {
    kind: 'each',
    items: each.items,
    maxItems: each.max_items ?? Infinity,
    maxConcurrency: each.max_concurrency ?? 10,
    batch: each.batch,
    tolerate: each.tolerate_failures ?? 0,
  };
}

function readWait({ seconds, until, event, match, timeout }: WaitDocument): Wait {
  if (seconds !== undefined) return { kind: 'seconds', span: milliseconds(seconds) };
  if (until !== undefined) return { kind: 'until', until };
  return { kind: 'event', type: event ?? '', match: match ?? {}, timeout: orForever(timeout) };
}

/** What a task evaluates itself; `until` and its members look for themselves. */
function ownKeysOf({ when, input, for_each: each, wait, emit, workflow: child }: TaskDocument): Json {
  const own = [when, input, each?.items, wait?.until, wait?.match, emit?.data, child?.input];
  return own.filter((one) => one !== undefined);
}

function upstreamOf(tasks: readonly Task[]): Map<string, Set<string>> {
  const edges = new Map(tasks.map(({ id, dependsOn }) => [id, dependsOn]));
  const upstream = new Map<string, Set<string>>();
  const find = (id: string): Set<string> => {
    const known = upstream.get(id);
    if (known) return known;
    const found = new Set<string>();
    upstream.set(id, found);
    for (const { task } of edges.get(id) ?? []) for (const one of [task, ...find(task)]) found.add(one);
    return found;
  };
  for (const { id } of tasks) find(id);
  return upstream;
}

/** The scenario's own workflow, with those that it starts inside. */
export function readScenario(scenario: Scenario): Workflow {
  const known = new Map<string, Workflow>();
  for (const document of scenario.children ?? [])
    known.set(document.workflow.name, new Reader(document, scenario, known).workflow());
  return new Reader(scenario.document, scenario, known).workflow();
}

/** Tasks that nothing depends on. */
export function leavesOf({ tasks }: Region): Task[] {
  const needed = new Set(tasks.flatMap((task) => task.dependsOn.map((edge) => edge.task)));
  return tasks.filter((task) => !needed.has(task.id));
}

/** The source of a condition, which is one expression or no text to be rendered. */
export const conditionSource = (text: string): string => soleExpression(text) ?? text;
