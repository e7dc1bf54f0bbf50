import type { AgentDocument, WorkflowDocument } from '../definition/index.ts';
import type { BreakerSettings } from '../resilience/index.ts';

/** Failures in a row, successes, seconds, calls. */
const FAILURES = 5;
const SUCCESSES = 2;
const TIMEOUT = 60;
const CALLS = 3;

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
  return (
    breaker && {
      failureThreshold: breaker.failure_threshold ?? FAILURES,
      successThreshold: breaker.success_threshold ?? SUCCESSES,
      timeout: breaker.timeout_seconds ?? TIMEOUT,
      halfOpenMaxCalls: breaker.half_open_max_calls ?? CALLS,
      whenOpen: breaker.when_open ?? 'fail',
    }
  );
}
