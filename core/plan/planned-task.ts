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
    ...(task.when !== undefined && { when: conditionOf(task, task.when) }),
    ...(input !== undefined && { input }),
    ...(output && { output }),
    timeout: task.timeout ?? workflow.defaults?.timeout ?? TIMEOUT,
    ...(heartbeat !== undefined && { heartbeat }),
    retry,
    continueOnFailure: task.continue_on_failure ?? false,
    ...(task.parallel === true && { fanOut: agent.count ?? 1 }),
  };
}

/** CEL without its `${ }`. */
function conditionOf(task: TaskDocument, when: string): string {
  const expression = soleExpression(when);
  if (!expression) throw notValidated(task);
  return expression.source.trim();
}

function notValidated({ id }: TaskDocument): InvariantError {
  return new InvariantError({
    code: 'task_not_validated',
    message: `Task ${id} names an agent or a policy that the workflow lacks, or its condition is no expression.`,
    details: { task: id },
  });
}
