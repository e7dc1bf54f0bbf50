import type { TaskDocument, WorkflowDocument } from '../definition/index.ts';
import { InvariantError } from '../errors/index.ts';
import { soleExpression } from '../expressions/index.ts';
import { QUEUE_TIMEOUT } from '../resilience/index.ts';
import type { PlanDefaults } from './plan-defaults.ts';
import type { AgentTask, ChildTask, ForEach, LoopTask, PlannedTask, Region, Wait } from './plan.ts';
import { plannedCheckpoint, type Member } from './planned-checkpoints.ts';
import { plannedCompensation } from './planned-saga.ts';
import { once, retryPolicyOf } from './retry-policies.ts';

/** From dispatch to answer, seconds. */
const TIMEOUT = 300;
/** Calls of a `for_each` at once. */
const CONCURRENCY = 10;

/** What a task's plan needs to know beyond the task itself. */
export interface TaskSurroundings {
  readonly workflow: WorkflowDocument;
  /** Seconds that the whole execution has. */
  readonly wholeTimeout: number;
  readonly defaults: PlanDefaults;
  /** Whether an agent of this type is a person. */
  readonly isHuman: (agentType: string) => boolean;
  /** The group or loop that it is a member of. */
  readonly container?: string;
  /** The agent of a task, also of one that only says what it `requires`. */
  readonly agentOf: (task: TaskDocument) => string;
  /** The published version of a child workflow. */
  readonly versionOf: (name: string, version?: string) => string;
  readonly regionOf: (members: readonly TaskDocument[]) => Region;
}

type Common = Omit<LoopTask, 'kind' | 'maxIterations' | 'until' | 'onExhausted' | 'region'>;

/** A task with every default written out. */
export function plannedTask({ task, of }: Member, around: TaskSurroundings): PlannedTask {
  const common = commonOf(task, around);
  if (of) return { ...common, ...plannedCheckpoint(of, around.wholeTimeout) };
  const { wait, emit, loop, group, workflow: child } = task;
  if (wait) return { ...common, kind: 'wait', wait: waitOf(task, wait) };
  if (emit) return { ...common, kind: 'emit', ...emit };
  if (child) return { ...common, ...childOf(task, child, around) };
  if (loop) return { ...common, ...loopOf(task, loop, around) };
  if (group) {
    const maxParallel = group.max_parallel;
    const region = around.regionOf(group.tasks);
    return { ...common, kind: 'group', ...(maxParallel !== undefined && { maxParallel }), region };
  }
  return { ...common, ...agentTaskOf(task, around) };
}

function commonOf(task: TaskDocument, around: TaskSurroundings): Common {
  const { container } = around;
  const { description, when } = task;
  const compensate = plannedCompensation(task, around);
  return {
    id: task.id,
    ...(description !== undefined && { description }),
    ...(container !== undefined && { container }),
    dependsOn: task.depends_on,
    join: task.join ?? 'all_success',
    ...(when !== undefined && { when: conditionOf(task, when) }),
    continueOnFailure: task.continue_on_failure ?? false,
    ...(compensate && { compensate }),
    ...(task.pivot === true && { pivot: true }),
    ...(task.allow_skip === true && { allowSkip: true as const }),
  };
}

function agentTaskOf(
  task: TaskDocument,
  { workflow, agentOf, isHuman, wholeTimeout, defaults }: TaskSurroundings,
): Omit<AgentTask, keyof Common> {
  const name = agentOf(task);
  const agent = workflow.agents[name];
  const human = agent !== undefined && isHuman(agent.type);
  // What is written for machines that fail says nothing about people: one who has let the time pass is asked again only where the task says so.
  const retry = human && task.retry_policy === undefined ? once : retryPolicyOf(workflow, task.retry_policy);
  if (!agent || !retry) throw notValidated(task);
  const {
    input,
    output,
    heartbeat,
    queue_timeout: queueTimeout = defaults.queueTimeout ?? QUEUE_TIMEOUT,
    priority,
    cache,
  } = task;
  return {
    kind: 'agent',
    agent: name,
    agentType: agent.type,
    ...(input !== undefined && { input }),
    ...(output && { output }),
    timeout: task.timeout ?? workflow.defaults?.timeout ?? (human ? wholeTimeout : TIMEOUT),
    ...(queueTimeout !== QUEUE_TIMEOUT && { queueTimeout }),
    ...(priority !== undefined && { priority }),
    ...(heartbeat !== undefined && { heartbeat }),
    retry,
    ...(cache && { cache }),
    ...(task.parallel === true && { fanOut: agent.count ?? 1 }),
    ...forEachOf(task),
  };
}

function childOf(
  task: TaskDocument,
  { name, version, input }: NonNullable<TaskDocument['workflow']>,
  { versionOf }: TaskSurroundings,
): Omit<ChildTask, keyof Common> {
  const { output, timeout } = task;
  return {
    kind: 'workflow',
    workflow: { name, version: versionOf(name, version) },
    ...(input !== undefined && { input }),
    ...(output && { output }),
    ...(timeout !== undefined && { timeout }),
    ...forEachOf(task),
  };
}

function loopOf(
  task: TaskDocument,
  { max_iterations, until, on_exhausted, tasks }: NonNullable<TaskDocument['loop']>,
  { regionOf }: TaskSurroundings,
): Omit<LoopTask, keyof Common> {
  return {
    kind: 'loop',
    maxIterations: max_iterations,
    ...(until !== undefined && { until: conditionOf(task, until) }),
    onExhausted: on_exhausted ?? 'continue',
    region: regionOf(tasks),
  };
}

function waitOf(task: TaskDocument, wait: NonNullable<TaskDocument['wait']>): Wait {
  const { event, match, timeout, seconds, until } = wait;
  if (seconds !== undefined) return { kind: 'seconds', seconds };
  if (until !== undefined) return { kind: 'until', until };
  if (event === undefined) throw notValidated(task);
  return { kind: 'event', event, ...(match && { match }), ...(timeout !== undefined && { timeout }) };
}

function forEachOf(task: TaskDocument): { forEach?: ForEach } {
  if (!task.for_each) return {};
  const { items, max_items, max_concurrency, batch, tolerate_failures } = task.for_each;
  const maxItems = max_items ?? (Array.isArray(items) ? items.length : undefined);
  if (maxItems === undefined) throw notValidated(task);
  return {
    forEach: {
      items,
      maxItems,
      maxConcurrency: max_concurrency ?? CONCURRENCY,
      ...(batch !== undefined && { batch }),
      tolerate:
        typeof tolerate_failures === 'string'
          ? { percent: Number.parseInt(tolerate_failures, 10) }
          : { items: tolerate_failures ?? 0 },
    },
  };
}

/** CEL without its `${ }`. */
function conditionOf(task: TaskDocument, condition: string): string {
  const expression = soleExpression(condition);
  if (!expression) throw notValidated(task);
  return expression.source.trim();
}

function notValidated({ id }: TaskDocument): InvariantError {
  return new InvariantError({
    code: 'task_not_validated',
    message: `Task ${id} has something that validation should have refused: an unknown agent or policy, no bound, no condition.`,
    details: { task: id },
  });
}
