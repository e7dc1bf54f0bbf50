import type { WorkflowDocument } from '../definition/index.ts';
import { InvariantError } from '../errors/index.ts';
import type { ValidDefinition } from '../validation/index.ts';
import { createAllocation } from './allocation.ts';
import type { OnFailure, Plan } from './plan.ts';
import { withPlanDefaults, type PlanDefaults } from './plan-defaults.ts';
import { planRegions } from './plan-regions.ts';
import { plannedAgents } from './planned-agent.ts';
import { plannedBudget } from './planned-budget.ts';
import { plannedSaga } from './planned-saga.ts';
import { plannedTurns } from './planned-turns.ts';

/** Seconds: of a whole execution, and for its running agents when it stops. */
const TIMEOUT = 86_400;
const GRACE = 30;

export interface PlanOptions {
  /** The published version of a child workflow; `version` absent: the latest. Undefined when there is none. */
  readonly versionOf?: (name: string, version?: string) => string | undefined;
  readonly defaults?: PlanDefaults;
}

/** Decides all that can be decided before a run. Equal definitions, with equal children and defaults, give equal plans. */
export function plan(
  { definition, digest, agentTypes }: ValidDefinition,
  { versionOf, defaults = {} }: PlanOptions = {},
): Plan {
  const workflow = withPlanDefaults(definition.workflow, defaults);
  const { name, version, description, tags, input, output, concurrency, fault_tolerance } = workflow;
  const timeout = workflow.timeout ?? TIMEOUT;
  const maxParallel = concurrency?.max_parallel;
  const turns = plannedTurns(workflow);
  const budget = plannedBudget(workflow);
  const saga = plannedSaga(workflow);
  const decided: Omit<Plan, symbol> = {
    workflow: { name, version, ...(description !== undefined && { description }), tags },
    digest,
    ...planRegions(workflow.tasks, {
      workflow,
      wholeTimeout: timeout,
      defaults,
      isHuman: (type) => agentTypes[type]?.runtime === 'human',
      agentOf: createAllocation(workflow, agentTypes),
      versionOf: (child, wish) => versionOf?.(child, wish) ?? wish ?? unknownChild(child),
    }),
    agents: plannedAgents(workflow),
    ...(input && { input }),
    ...(output !== undefined && { output }),
    timeout,
    grace: fault_tolerance?.grace ?? GRACE,
    ...(maxParallel !== undefined && { maxParallel }),
    ...(turns && { turns }),
    ...(budget && { budget }),
    onFailure: onFailureOf(workflow),
    ...(saga && { saga }),
    onSkip: workflow.on_skip ?? 'satisfies',
  };
  // The brand exists for the compiler only; this is the one place that may give it.
  return decided as Plan;
}

function onFailureOf({ fault_tolerance }: WorkflowDocument): OnFailure {
  const said = fault_tolerance?.on_failure ?? 'fail_fast';
  // Validation warns that this version does not pause; the default is what an operator can then rely on.
  return said === 'pause' ? 'fail_fast' : said;
}

function unknownChild(name: string): never {
  throw new InvariantError({ code: 'unknown_child', message: `There is no version of workflow ${name} to plan with.` });
}
