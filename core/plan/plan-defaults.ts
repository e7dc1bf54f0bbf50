import type { WorkflowDocument } from '../definition/index.ts';

/** What definitions that say nothing get, where an operator has said otherwise than the language. */
export interface PlanDefaults {
  /** Seconds, of a whole execution. */
  readonly timeout?: number;
  /** Failures in a row that open a breaker. */
  readonly failureThreshold?: number;
  /** Seconds that a task waits for a pool, a rate or a breaker. */
  readonly queueTimeout?: number;
  /** Seconds that undoing a task may take. */
  readonly compensationTimeout?: number;
}

/** The workflow as if it said what it leaves to the operator. */
export function withPlanDefaults(workflow: WorkflowDocument, defaults: PlanDefaults): WorkflowDocument {
  const { timeout, failureThreshold } = defaults;
  const agents = Object.entries(workflow.agents).map(([name, agent]) => [name, breakerIn(agent, failureThreshold)]);
  return {
    ...(timeout !== undefined && { timeout }),
    ...workflow,
    agents: Object.fromEntries(agents) as WorkflowDocument['agents'],
    ...(workflow.fault_tolerance && { fault_tolerance: breakerIn(workflow.fault_tolerance, failureThreshold) }),
  };
}

type Guarded = WorkflowDocument['agents'][string] | NonNullable<WorkflowDocument['fault_tolerance']>;

function breakerIn<Part extends Guarded>(part: Part, failureThreshold: number | undefined): Part {
  const { circuit_breaker: breaker } = part;
  if (!breaker || breaker.failure_rate || failureThreshold === undefined) return part;
  return { ...part, circuit_breaker: { failure_threshold: failureThreshold, ...breaker } };
}
