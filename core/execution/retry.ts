import type { TaskError } from '../agents/index.ts';
import { errorRow } from '../errors/index.ts';
import type { RetryPolicy } from '../plan/index.ts';

/** What the table calls final is never retried, whatever the agent says; else the agent's own word counts. */
export function isRetryable(error: TaskError): boolean {
  return errorRow(error.name).retryable && error.retryable !== false;
}

/** Milliseconds until the next attempt, or undefined when `attempt` (1 for the first) was the last. */
export function retryDelay(
  policy: RetryPolicy,
  attempt: number,
  error: TaskError,
  random: () => number,
): number | undefined {
  if (attempt >= policy.maxAttempts || !isRetryable(error)) return undefined;
  if (policy.retryOn && !policy.retryOn.includes(error.name)) return undefined;
  const backoff = Math.min(policy.maxDelay, policy.interval * policy.backoffRate ** (attempt - 1));
  const seconds = policy.jitter === 'full' ? backoff * random() : backoff;
  // What the agent asks for is obeyed even beyond maxDelay: a throttled agent knows better than the policy.
  return Math.round(Math.max(seconds, error.retryAfter ?? 0) * 1000);
}
