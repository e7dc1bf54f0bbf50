import type { TaskDocument, WorkflowDocument } from '../definition/index.ts';
import { InvariantError } from '../errors/index.ts';
import { soleExpression } from '../expressions/index.ts';
import type { PlannedTask } from './plan.ts';
import { retryPolicyOf } from './retry-policies.ts';

/** From dispatch to answer, seconds. */
const TIMEOUT = 300;

/** A task with every default written out. */
export function plannedTask(workflow: WorkflowDocument, task: TaskDocument): PlannedTask {
  const agent = workflow.agents[task.agent ?? ''];
  const retry = retryPolicyOf(workflow, task.retry_policy);
  if (task.agent === undefined || !agent || !retry) throw notValidated(task);
  const { description, input, output, heartbeat } = task;
  return {
    id: task.id,
    ...(description !== undefined && { description }),
    agent: task.agent,
    agentType: agent.type,
    dependsOn: task.depends_on,
    join: task.join ?? 'all_success',
    ...(task.when !== undefined && { when: conditionOf(task.when) }),
    ...(input !== undefined && { input }),
    ...(output && { output }),
    timeout: task.timeout ?? workflow.defaults?.timeout ?? TIMEOUT,
    ...(heartbeat !== undefined && { heartbeat }),
    retry,
    continueOnFailure: task.continue_on_failure ?? false,
    ...(task.parallel === true && { fanOut: agent.count ?? 1 }),
  };
}

/** A condition is an expression with or without its `${ }`. */
function conditionOf(text: string): string {
  return (soleExpression(text)?.source ?? text).trim();
}

function notValidated({ id }: TaskDocument): InvariantError {
  return new InvariantError({
    code: 'task_not_validated',
    message: `Task ${id} names an agent or a retry policy that the workflow does not have.`,
    details: { task: id },
  });
}
