import { didYouMean } from '../../diagnostics/index.ts';
import { pathTo } from '../region.ts';
import { forEachTask } from '../rule.ts';

const builtIn = ['none', 'fixed', 'exponential_backoff'];

/** VAL212: a policy's name is known. */
export const knownRetryPolicies = forEachTask(function* (placed, { workflow }) {
  const policy = placed.task.retry_policy;
  const known = [...builtIn, ...Object.keys(workflow.retry_policies)];
  if (typeof policy !== 'string' || known.includes(policy)) return;
  const near = didYouMean(policy, known);
  yield {
    code: 'VAL212',
    message: `There is no retry policy \`${policy}\`.`,
    path: pathTo(placed, 'retry_policy'),
    hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean \`${near}\`?`,
  };
});

/** VAL214: a task can use its time up. */
export const timeoutsFit = forEachTask(function* (placed, { workflow }) {
  const { task } = placed;
  if (task.timeout === undefined || workflow.timeout === undefined || task.timeout <= workflow.timeout) return;
  yield {
    code: 'VAL214',
    message: `\`${task.id}\` may take ${task.timeout} s, and the whole workflow ${workflow.timeout} s.`,
    path: pathTo(placed, 'timeout'),
    related: [{ message: 'of the workflow', path: ['workflow', 'timeout'] }],
  };
});
