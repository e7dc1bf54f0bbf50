import type { Finding, TaskDocument } from '../../definition/index.ts';
import { pathTo } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';
import { callsAgent } from '../task-kind.ts';

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
export function* hasTimeouts({ workflow, tasks }: RuleContext): Generator<Finding> {
  if (workflow.timeout === undefined) {
    yield { code: 'LINT902', message: 'The workflow has no `timeout` of its own.', path: ['workflow', 'name'] };
  }
  const without = tasks.filter(({ task }) => callsAgent(task) && task.timeout === undefined);
  const [first] = without;
  if (!first || workflow.defaults?.timeout !== undefined) return;
  const named = without.slice(0, MOST_NAMED).map(({ task }) => `\`${task.id}\``);
  const more = without.length > MOST_NAMED ? ` and ${without.length - MOST_NAMED} more` : '';
  yield {
    code: 'LINT902',
    message: `${without.length === 1 ? 'A task has' : 'Tasks have'} no \`timeout\` of ${without.length === 1 ? 'its' : 'their'} own: ${named.join(', ')}${more}.`,
    path: pathTo(first, 'id'),
  };
}

/** LINT903: a retry that the author asked for repeats what the agent does. */
export const retriesAreSafe = forEachTask(function* (placed, { workflow }) {
  const { task } = placed;
  if (
    !callsAgent(task) ||
    task.idempotent === true ||
    task.effect === 'none' ||
    !asksForRetries(task, workflow.retry_policies)
  )
    return;
  yield {
    code: 'LINT903',
    message: `\`${task.id}\` is retried, and is not declared \`idempotent\`.`,
    path: pathTo(placed, 'retry_policy'),
  };
});

function asksForRetries(
  { retry_policy: policy }: TaskDocument,
  policies: RuleContext['workflow']['retry_policies'],
): boolean {
  if (policy === undefined || policy === 'none') return false;
  const own = typeof policy === 'string' ? policies[policy] : policy;
  return own?.max_attempts !== 1;
}

/** LINT906: what comes from the cache has not been done again. */
export const cachesAreHarmless = forEachTask(function* (placed) {
  const { id, cache, effect } = placed.task;
  if (!cache || effect === 'none' || !callsAgent(placed.task)) return;
  const message = `\`${id}\` has side effects as far as anybody knows, and an answer from the cache leaves them out.`;
  yield { code: 'LINT906', message, path: pathTo(placed, 'cache'), part: 'key' };
});
