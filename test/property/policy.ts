import type { PolicyDocument, TaskDocument, WorkflowDocument } from '../../simulation/index.ts';
import { milliseconds } from './durations.ts';

/** A retry policy with nothing left out; milliseconds. */
export interface Policy {
  readonly attempts: number;
  readonly interval: number;
  readonly rate: number;
  readonly cap: number;
  readonly isJittered: boolean;
  readonly retryOn: readonly string[] | undefined;
}

type Workflow = WorkflowDocument['workflow'];

const builtIn: Readonly<Record<string, PolicyDocument>> = {
  exponential_backoff: {},
  fixed: { backoff_rate: 1, jitter: 'none' },
  none: { max_attempts: 1 },
};

/** What a policy does not say is as in `exponential_backoff`; a cap that nobody wrote does not cut the interval. */
function complete(said: PolicyDocument): Policy {
  const interval = milliseconds(said.interval ?? 2);
  return {
    attempts: said.max_attempts ?? 3,
    interval,
    rate: said.backoff_rate ?? 2,
    cap: said.max_delay === undefined ? Math.max(60_000, interval) : milliseconds(said.max_delay),
    isJittered: said.jitter !== 'none',
    retryOn: said.retry_on,
  };
}

/** The workflow's flat keys; `max_retries: n` means n + 1 attempts. */
function flatPolicy({ max_retries: retries, retry_delay, max_retry_delay, exponential_backoff }: Workflow): Policy {
  return complete({
    max_attempts: retries === undefined ? undefined : retries + 1,
    interval: retry_delay,
    max_delay: max_retry_delay,
    ...(exponential_backoff === false ? builtIn['fixed'] : {}),
  });
}

export function policyOf(choice: TaskDocument['retry_policy'], workflow: Workflow): Policy {
  const said = choice ?? workflow.defaults?.retry_policy;
  if (said === undefined) return flatPolicy(workflow);
  if (typeof said !== 'string') return complete(said);
  const policy = workflow.retry_policies?.[said] ?? builtIn[said];
  if (!policy) throw new Error(`the oracle knows no policy ${said}`);
  return complete(policy);
}
