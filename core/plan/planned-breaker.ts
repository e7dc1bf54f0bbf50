import type { AgentDocument, WorkflowDocument } from '../definition/index.ts';
import type { BreakerSettings, FailureRate } from '../resilience/index.ts';

/** Failures in a row, successes, seconds, calls. */
const FAILURES = 5;
const SUCCESSES = 2;
const TIMEOUT = 60;
const CALLS = 3;
/** Seconds, calls. */
const WINDOW = 60;
const MINIMUM_CALLS = 10;

export interface PlannedBreaker extends BreakerSettings {
  /** What becomes of a task while it is open. */
  readonly whenOpen: 'fail' | 'wait';
}

/** An agent's own breaker, else the workflow's for all agents that have none; undefined: the agent is called whatever happens. */
export function plannedBreaker(
  { circuit_breaker: own }: AgentDocument,
  { fault_tolerance }: WorkflowDocument,
): PlannedBreaker | undefined {
  const breaker = own ?? fault_tolerance?.circuit_breaker;
  const rate = breaker?.failure_rate;
  // Who speaks of a share alone does not mean five in a row.
  const failureThreshold = breaker?.failure_threshold ?? (rate ? undefined : FAILURES);
  return (
    breaker && {
      ...(failureThreshold !== undefined && { failureThreshold }),
      ...(rate && { failureRate: plannedRate(rate) }),
      successThreshold: breaker.success_threshold ?? SUCCESSES,
      timeout: breaker.timeout_seconds ?? TIMEOUT,
      halfOpenMaxCalls: breaker.half_open_max_calls ?? CALLS,
      whenOpen: breaker.when_open ?? 'fail',
    }
  );
}

function plannedRate(rate: NonNullable<NonNullable<AgentDocument['circuit_breaker']>['failure_rate']>): FailureRate {
  return {
    threshold: Number.parseInt(rate.threshold, 10) / 100,
    window: rate.window ?? WINDOW,
    minimumCalls: rate.minimum_calls ?? MINIMUM_CALLS,
  };
}
