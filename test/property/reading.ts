import type { Json, JsonObject } from '../../core/json/index.ts';
import type { PolicyDocument, Scenario, TaskDocument } from '../makers/scenario.ts';

export type Join = string | { readonly quorum: number };

export interface Edge {
  readonly task: string;
  readonly on: string;
}

/** A task as the rules need it: defaults written out, times in milliseconds. */
export interface Task {
  readonly id: string;
  readonly dependsOn: readonly Edge[];
  readonly join: Join;
  readonly when: string | undefined;
  readonly input: Json;
  readonly inputSchemas: readonly JsonObject[];
  readonly outputSchemas: readonly JsonObject[];
  readonly timeout: number;
  readonly heartbeat: number | undefined;
  readonly policy: PolicyDocument;
  readonly continueOnFailure: boolean;
  /** Width of a fan-out; undefined for a plain task. */
  readonly items: number | undefined;
}

/** What is admitted, called and settled by itself: a plain task, or one item of a fan-out. */
export interface Unit {
  readonly path: string;
  readonly task: Task;
  readonly index: number;
  readonly count: number;
}

/** A scenario's document, read for the rules. */
export interface Reading {
  readonly scenario: Scenario;
  readonly tasks: readonly Task[];
  readonly units: readonly Unit[];
  readonly byId: ReadonlyMap<string, Task>;
  readonly onFailure: string;
  readonly skipPropagates: boolean;
  readonly grace: number;
  /** Of the execution; Infinity where the author says nothing, because the rules name no default. */
  readonly timeout: number;
  readonly maxParallel: number;
  readonly output: Json | undefined;
}

const DEFAULT_POLICY: PolicyDocument = {
  max_attempts: 3,
  interval: 2,
  backoff_rate: 2,
  max_delay: 60,
  jitter: 'full',
};

const builtInPolicies: Readonly<Record<string, PolicyDocument>> = {
  exponential_backoff: DEFAULT_POLICY,
  fixed: { ...DEFAULT_POLICY, backoff_rate: 1, jitter: 'none' },
  none: { ...DEFAULT_POLICY, max_attempts: 1 },
};

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

export function milliseconds(duration: number | string): number {
  if (typeof duration === 'number') return duration * 1_000;
  const parts = [...duration.matchAll(/(\d+)(ms|h|m|s)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit ?? '']!, 0);
}

function policyOf(document: TaskDocument, scenario: Scenario): PolicyDocument {
  const { retry_policies: own } = scenario.document.workflow;
  const choice = document.retry_policy ?? 'exponential_backoff';
  if (typeof choice !== 'string') return choice;
  const policy = own?.[choice] ?? builtInPolicies[choice];
  if (!policy) throw new Error(`the oracle knows no policy ${choice}`);
  return policy;
}

function readTask(document: TaskDocument, scenario: Scenario): Task {
  const { agents } = scenario.document.workflow;
  const agent = agents[document.agent];
  const type = scenario.agentTypes[agent?.type ?? ''];
  const edges = (document.depends_on ?? []).map((one) =>
    typeof one === 'string' ? { task: one, on: 'success' } : one,
  );
  return {
    id: document.id,
    dependsOn: edges,
    join: document.join ?? 'all_success',
    when: document.when,
    input: document.input ?? {},
    inputSchemas: type?.input ? [type.input] : [],
    outputSchemas: [type?.output, document.output].filter((schema) => schema !== undefined),
    timeout: milliseconds(document.timeout ?? 300),
    heartbeat: document.heartbeat === undefined ? undefined : milliseconds(document.heartbeat),
    policy: policyOf(document, scenario),
    continueOnFailure: document.continue_on_failure ?? false,
    items: document.parallel === true ? (agent?.count ?? 1) : undefined,
  };
}

function unitsOf(task: Task): Unit[] {
  if (task.items === undefined) return [{ path: task.id, task, index: 0, count: 1 }];
  const count = task.items;
  return Array.from({ length: count }, (_, index) => ({ path: `${task.id}[${index}]`, task, index, count }));
}

export function readScenario(scenario: Scenario): Reading {
  const { workflow } = scenario.document;
  const tasks = workflow.tasks.map((task) => readTask(task, scenario));
  return {
    scenario,
    tasks,
    units: tasks.flatMap(unitsOf),
    byId: new Map(tasks.map((task) => [task.id, task])),
    onFailure: workflow.fault_tolerance?.on_failure ?? 'fail_fast',
    skipPropagates: workflow.on_skip === 'propagates',
    grace: milliseconds(workflow.fault_tolerance?.grace ?? 30),
    timeout: workflow.timeout === undefined ? Infinity : milliseconds(workflow.timeout),
    maxParallel: workflow.concurrency?.max_parallel ?? Infinity,
    output: workflow.output,
  };
}

/** Every task that must have a say before this one: the tasks that its expressions may name. */
export function ancestorsOf(reading: Reading, id: string): Set<string> {
  const found = new Set<string>();
  const visit = (task: string): void => {
    for (const edge of reading.byId.get(task)?.dependsOn ?? []) {
      if (found.has(edge.task)) continue;
      found.add(edge.task);
      visit(edge.task);
    }
  };
  visit(id);
  return found;
}

/** Tasks that nothing depends on. */
export function leavesOf(reading: Reading): Task[] {
  const needed = new Set(reading.tasks.flatMap((task) => task.dependsOn.map((edge) => edge.task)));
  return reading.tasks.filter((task) => !needed.has(task.id));
}

/** `continue` aside, a failure without `continue_on_failure` stops the execution. */
export function stopsExecution(reading: Reading, task: Task): boolean {
  return reading.onFailure !== 'continue' && !task.continueOnFailure;
}
