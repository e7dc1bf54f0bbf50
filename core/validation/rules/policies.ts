import { didYouMean } from '../../diagnostics/index.ts';
import { forEachTask, taskPath } from '../rule.ts';

const builtIn = ['none', 'fixed', 'exponential_backoff'];

/** VAL212: a policy's name is known. */
export const knownRetryPolicies = forEachTask(function* (task, index, { workflow }) {
  const policy = task.retry_policy;
  const known = [...builtIn, ...Object.keys(workflow.retry_policies)];
  if (typeof policy !== 'string' || known.includes(policy)) return;
  const near = didYouMean(policy, known);
  yield {
    code: 'VAL212',
    message: `There is no retry policy \`${policy}\`.`,
    path: taskPath(index, 'retry_policy'),
    hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean \`${near}\`?`,
  };
});

/** VAL214: a task can use its time up. */
export const timeoutsFit = forEachTask(function* (task, index, { workflow }) {
  if (task.timeout === undefined || workflow.timeout === undefined || task.timeout <= workflow.timeout) return;
  yield {
    code: 'VAL214',
    message: `\`${task.id}\` may take ${task.timeout} s, and the whole workflow ${workflow.timeout} s.`,
    path: taskPath(index, 'timeout'),
    related: [{ message: 'of the workflow', path: ['workflow', 'timeout'] }],
  };
});
