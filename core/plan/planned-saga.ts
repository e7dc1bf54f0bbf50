import type { TaskDocument, WorkflowDocument } from '../definition/index.ts';
import { InvariantError } from '../errors/index.ts';
import type { Compensation, RetryPolicy, Saga } from './plan.ts';
import type { PlanDefaults } from './plan-defaults.ts';
import { retryPolicyOf } from './retry-policies.ts';

/** From dispatch to answer, seconds. */
const TIMEOUT = 600;

/** What was done has to be undone: it is tried for hours before a person has to see to it. */
const PERSISTENT: RetryPolicy = { maxAttempts: 10, interval: 2, backoffRate: 2, maxDelay: 3600, jitter: 'full' };

/** Undefined for a workflow that undoes nothing. */
export function plannedSaga({ fault_tolerance }: WorkflowDocument): Saga | undefined {
  const saga = fault_tolerance?.saga_pattern;
  if (!saga || saga.compensation_enabled === false) return undefined;
  return { serial: saga.serial ?? false, onFailure: saga.on_compensation_failure ?? 'hold' };
}

/** What undoes a task of a workflow with a saga; undefined: nothing does. */
export function plannedCompensation(
  task: TaskDocument,
  { workflow, defaults }: { readonly workflow: WorkflowDocument; readonly defaults: PlanDefaults },
): Compensation | undefined {
  const { compensate, compensate_on_failure } = task;
  if (!compensate || !plannedSaga(workflow)) return undefined;
  const { agent, input, timeout, retry_policy } = compensate;
  const type = workflow.agents[agent]?.type;
  const retry = retry_policy === undefined ? PERSISTENT : retryPolicyOf(workflow, retry_policy);
  if (type === undefined || !retry) throw notValidated(task);
  return {
    agent,
    agentType: type,
    ...(input !== undefined && { input }),
    timeout: timeout ?? defaults.compensationTimeout ?? TIMEOUT,
    retry,
    ...(compensate_on_failure === true && { onFailure: true }),
  };
}

function notValidated({ id }: TaskDocument): InvariantError {
  return new InvariantError({
    code: 'task_not_validated',
    message: `The compensation of ${id} is for an agent or a policy that validation should have refused.`,
    details: { task: id },
  });
}
