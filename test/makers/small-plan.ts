import type {
  AgentTask,
  CheckpointTask,
  Dependency,
  ForEach,
  Join,
  Plan,
  PlannedTask,
  Region,
  RetryPolicy,
  Wait,
} from '../../core/plan/index.ts';

/** A planned task as briefly as it can be said: an agent's, unless one key says otherwise. `after` takes ids, or ids with `on`. */
export interface SmallTask {
  readonly after?: readonly (string | Dependency)[];
  readonly join?: Join;
  readonly when?: string;
  readonly agent?: string;
  readonly fanOut?: number;
  readonly forEach?: Partial<ForEach>;
  readonly retry?: Partial<RetryPolicy>;
  readonly continueOnFailure?: boolean;
  readonly group?: { readonly maxParallel?: number; readonly tasks: SmallTasks };
  readonly loop?: {
    readonly maxIterations?: number;
    readonly until?: string;
    readonly onExhausted?: 'continue' | 'fail';
    readonly tasks: SmallTasks;
  };
  readonly wait?: Wait;
  /** Of the task before it. */
  readonly checkpoint?: Pick<CheckpointTask, 'of' | 'approve'>;
  /** The event's type. */
  readonly emit?: string;
  /** The child's name. */
  readonly workflow?: string;
}

export type SmallTasks = Readonly<Record<string, SmallTask>>;

/** The parts of a plan that a test about its execution may care about. */
export type PlanSettings = Partial<
  Pick<Plan, 'onFailure' | 'onSkip' | 'grace' | 'maxParallel' | 'timeout' | 'agents' | 'budget'>
>;

const retry: RetryPolicy = { maxAttempts: 3, interval: 2, backoffRate: 2, maxDelay: 60, jitter: 'full' };
const forEach: ForEach = { items: '${ [] }', maxItems: 100, maxConcurrency: 10, tolerate: { items: 0 } };

/** A plan of these tasks, given in a topological order. Its machine's shape is left out: nothing that reads records needs it. */
export function smallPlan(tasks: SmallTasks, settings: PlanSettings = {}): Plan {
  const plan: Omit<Plan, keyof { readonly [key: symbol]: true }> = {
    workflow: { name: 'review', version: '1', tags: [] },
    digest: 'd'.repeat(64),
    tasks: plannedTasks(tasks),
    ...regionOf(tasks),
    agents: {},
    timeout: 3600,
    grace: 30,
    onFailure: 'fail_fast',
    onSkip: 'satisfies',
    ...settings,
  };
  // The brand stands for validation and planning, which a hand-made plan goes without.
  return plan as Plan;
}

function regionOf(tasks: SmallTasks): Region {
  return {
    members: Object.keys(tasks),
    edges: [],
    skeleton: { kind: 'series', blocks: [] },
    gates: [],
    criticalPath: { tasks: [], length: 0 },
  };
}

function plannedTasks(tasks: SmallTasks, container?: string): PlannedTask[] {
  return Object.entries(tasks).flatMap(([id, task]) => [
    { ...plannedTask(id, task), ...(container !== undefined && { container }) },
    ...plannedTasks(task.group?.tasks ?? task.loop?.tasks ?? {}, id),
  ]);
}

function plannedTask(id: string, small: SmallTask): PlannedTask {
  const { after = [], join = 'all_success', when, continueOnFailure = false } = small;
  const common = {
    id,
    dependsOn: after.map((it): Dependency => (typeof it === 'string' ? { task: it, on: 'success' } : it)),
    join,
    ...(when !== undefined && { when }),
    continueOnFailure,
  };
  const items = small.forEach && { forEach: { ...forEach, ...small.forEach } };
  if (small.wait) return { ...common, kind: 'wait', wait: small.wait };
  if (small.checkpoint) return { ...common, kind: 'checkpoint', ...small.checkpoint };
  if (small.emit !== undefined) return { ...common, kind: 'emit', event: small.emit };
  if (small.workflow !== undefined)
    return { ...common, kind: 'workflow', workflow: { name: small.workflow, version: '1' }, ...items };
  if (small.group) {
    const { tasks, ...group } = small.group;
    return { ...common, kind: 'group', ...group, region: regionOf(tasks) };
  }
  if (small.loop) {
    const { tasks, maxIterations = 5, onExhausted = 'continue', ...loop } = small.loop;
    return { ...common, kind: 'loop', maxIterations, onExhausted, ...loop, region: regionOf(tasks) };
  }
  return { ...common, ...agentOf(id, small), ...items };
}

function agentOf(
  id: string,
  { agent, fanOut, retry: policy }: SmallTask,
): Omit<AgentTask, 'id' | 'dependsOn' | 'join' | 'continueOnFailure'> {
  return {
    kind: 'agent',
    agent: agent ?? `${id}-agent`,
    agentType: 'any_agent',
    timeout: 300,
    retry: { ...retry, ...policy },
    ...(fanOut !== undefined && { fanOut }),
  };
}
