import type { Finding, TaskDocument } from '../../definition/index.ts';
import { forEachTask, taskPath, type RuleContext } from '../rule.ts';

/** LINT901: somebody can be asked. */
export function* hasOwner({ workflow }: RuleContext): Generator<Finding> {
  if (workflow.owner) return;
  yield {
    code: 'LINT901',
    message: 'Nobody owns this workflow.',
    path: ['workflow', 'name'],
    hint: 'add `owner: { agent: …, contact: … }`',
  };
}

const MOST_NAMED = 5;

/** LINT902: time is limited on purpose. One finding for all tasks. */
export function* hasTimeouts({ workflow }: RuleContext): Generator<Finding> {
  if (workflow.timeout === undefined) {
    yield { code: 'LINT902', message: 'The workflow has no `timeout` of its own.', path: ['workflow', 'name'] };
  }
  const without = [...workflow.tasks.entries()].filter(
    ([, task]) => task.agent !== undefined && task.timeout === undefined,
  );
  const [first] = without;
  if (!first) return;
  const named = without.slice(0, MOST_NAMED).map(([, { id }]) => `\`${id}\``);
  const more = without.length > MOST_NAMED ? ` and ${without.length - MOST_NAMED} more` : '';
  yield {
    code: 'LINT902',
    message: `${without.length === 1 ? 'A task has' : 'Tasks have'} no \`timeout\` of ${without.length === 1 ? 'its' : 'their'} own: ${named.join(', ')}${more}.`,
    path: taskPath(first[0], 'id'),
  };
}

/** LINT903: a retry that the author asked for repeats what the agent does. */
export const retriesAreSafe = forEachTask(function* (task, index, { workflow }) {
  if (task.idempotent === true || !asksForRetries(task, workflow.retry_policies)) return;
  yield {
    code: 'LINT903',
    message: `\`${task.id}\` is retried, and is not declared \`idempotent\`.`,
    path: taskPath(index, 'retry_policy'),
  };
});

function asksForRetries(
  { retry_policy: policy }: TaskDocument,
  policies: RuleContext['workflow']['retry_policies'],
): boolean {
  if (policy === undefined || policy === 'none') return false;
  const own = typeof policy === 'string' && Object.hasOwn(policies, policy) ? policies[policy] : policy;
  return typeof own !== 'object' || own.max_attempts !== 1;
}

/** LINT905: an edge `on: failure` from a task whose failure stops the execution. */
export function* takeableEdges(context: RuleContext): Generator<Finding> {
  const { workflow, graph } = context;
  const onFailure = workflow.fault_tolerance?.on_failure ?? 'fail_fast';
  if (onFailure !== 'fail_fast' && onFailure !== 'drain') return;
  const stops = new Map<string, boolean>();
  for (const [index, task] of workflow.tasks.entries()) {
    for (const [place, { task: id, on }] of task.depends_on.entries()) {
      if (on !== 'failure') continue;
      if (!stops.has(id)) stops.set(id, itsFailureStops(id, context));
      if (stops.get(id) !== true) continue;
      yield {
        code: 'LINT905',
        message: `This edge can never be taken: a failure of \`${id}\` stops the execution.`,
        path: taskPath(index, 'depends_on', place),
        related: [{ message: 'the task that fails', path: taskPath(graph.positionOf(id) ?? index, 'id') }],
      };
    }
  }
}

/** A failure further up that is allowed makes the task `upstream_failed` without stopping anything, and the edge is taken. */
function itsFailureStops(id: string, { workflow, graph }: RuleContext): boolean {
  const producer = graph.positionOf(id);
  if (producer === undefined || workflow.tasks[producer]?.continue_on_failure === true) return false;
  return !workflow.tasks.some(
    (other, at) => other.continue_on_failure === true && graph.isUpstream(at, producer) !== false,
  );
}
