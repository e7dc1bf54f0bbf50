import type { Dependency, Join, Plan, PlannedTask, RetryPolicy } from '../../core/plan/index.ts';

/** A planned task as briefly as it can be said. `after` takes ids, or ids with `on`. */
export interface SmallTask {
  readonly after?: readonly (string | Dependency)[];
  readonly join?: Join;
  readonly when?: string;
  readonly agent?: string;
  readonly fanOut?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly continueOnFailure?: boolean;
}

/** The parts of a plan that a test about its execution may care about. */
export type PlanSettings = Partial<Pick<Plan, 'onFailure' | 'onSkip' | 'grace' | 'maxParallel' | 'timeout'>>;

const retry: RetryPolicy = { maxAttempts: 3, interval: 2, backoffRate: 2, maxDelay: 60, jitter: 'full' };

/** A plan of these tasks, given in a topological order. Its machine's shape is left out: nothing that reads records needs it. */
export function smallPlan(tasks: Readonly<Record<string, SmallTask>>, settings: PlanSettings = {}): Plan {
  const plan: Omit<Plan, keyof { readonly [key: symbol]: true }> = {
    workflow: { name: 'review', version: '1', tags: [] },
    digest: 'd'.repeat(64),
    tasks: Object.entries(tasks).map(([id, task]) => plannedTask(id, task)),
    edges: [],
    skeleton: { kind: 'series', blocks: [] },
    gates: [],
    criticalPath: { tasks: [], length: 0 },
    timeout: 3600,
    grace: 30,
    onFailure: 'fail_fast',
    onSkip: 'satisfies',
    ...settings,
  };
  // The brand stands for validation and planning, which a hand-made plan goes without.
  return plan as Plan;
}

function plannedTask(id: string, { after = [], agent, join, retry: policy, ...rest }: SmallTask): PlannedTask {
  return {
    id,
    agent: agent ?? `${id}-agent`,
    agentType: 'any_agent',
    dependsOn: after.map((it) => (typeof it === 'string' ? { task: it, on: 'success' } : it)),
    join: join ?? 'all_success',
    timeout: 300,
    continueOnFailure: false,
    ...rest,
    retry: { ...retry, ...policy },
  };
}
