import type { RetryPolicyDocument, WorkflowDocument } from '../definition/index.ts';
import type { RetryPolicy } from './plan.ts';

const exponentialBackoff: RetryPolicy = { maxAttempts: 3, interval: 2, backoffRate: 2, maxDelay: 60, jitter: 'full' };

export const once: RetryPolicy = { maxAttempts: 1, interval: 2, backoffRate: 1, maxDelay: 60, jitter: 'none' };

/** The policies that every workflow may name. `fixed` tries as often as `exponential_backoff`, always after 2 seconds. */
export const builtInRetryPolicies: { readonly [name: string]: RetryPolicy } = {
  exponential_backoff: exponentialBackoff,
  fixed: { maxAttempts: 3, interval: 2, backoffRate: 1, maxDelay: 60, jitter: 'none' },
  none: once,
};

/** How a workflow's policies are found: by name, its own before the built-in ones, or written out where they are used. */
export function retryPolicyOf(
  workflow: WorkflowDocument,
  choice: string | RetryPolicyDocument | undefined,
): RetryPolicy | undefined {
  if (choice === undefined) return defaultPolicyOf(workflow);
  if (typeof choice !== 'string') return complete(choice);
  const own = Object.hasOwn(workflow.retry_policies, choice) ? workflow.retry_policies[choice] : undefined;
  return own ? complete(own) : Object.hasOwn(builtInRetryPolicies, choice) ? builtInRetryPolicies[choice] : undefined;
}

/** `defaults.retry_policy`, else the flat keys of the workflow, else exponential backoff. */
function defaultPolicyOf(workflow: WorkflowDocument): RetryPolicy | undefined {
  const choice = workflow.defaults?.retry_policy;
  return choice === undefined ? flatPolicyOf(workflow) : retryPolicyOf(workflow, choice);
}

function flatPolicyOf(workflow: WorkflowDocument): RetryPolicy {
  const { max_retries, retry_delay, max_retry_delay, exponential_backoff = true } = workflow;
  return complete({
    ...(max_retries !== undefined && { max_attempts: max_retries + 1 }),
    ...(retry_delay !== undefined && { interval: retry_delay }),
    ...(max_retry_delay !== undefined && { max_delay: max_retry_delay }),
    ...(!exponential_backoff && { backoff_rate: 1, jitter: 'none' }),
  });
}

/** What a policy leaves out is as in `exponential_backoff`, but its own interval is never cut by a cap that nobody wrote. */
function complete(policy: RetryPolicyDocument): RetryPolicy {
  const interval = policy.interval ?? exponentialBackoff.interval;
  return {
    maxAttempts: policy.max_attempts ?? exponentialBackoff.maxAttempts,
    interval,
    backoffRate: policy.backoff_rate ?? exponentialBackoff.backoffRate,
    maxDelay: policy.max_delay ?? Math.max(exponentialBackoff.maxDelay, interval),
    jitter: policy.jitter ?? exponentialBackoff.jitter,
    ...(policy.retry_on && { retryOn: policy.retry_on }),
  };
}
