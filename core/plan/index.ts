// ValidDefinition → Plan.
// Takes: a ValidDefinition, or a bare graph. Gives: a Plan. Never: ASL, an ARN, a user's mistake (validation has found those).
export { mermaidOf } from './mermaid.ts';
export { capacityOf, createAllocation, isCapable } from './allocation.ts';
export type { PlanDefaults } from './plan-defaults.ts';
export { plan, type PlanOptions } from './plan-definition.ts';
export type {
  AgentTask,
  CheckpointTask,
  PlannedApproval,
  Block,
  ChildTask,
  Compensation,
  CriticalPath,
  Dependency,
  DependencyOn,
  EmitTask,
  ForEach,
  Gate,
  GroupTask,
  Join,
  LoopTask,
  OnFailure,
  Plan,
  PlannedTask,
  Region,
  RetryPolicy,
  Saga,
  Wait,
  WaitTask,
} from './plan.ts';
export type { PlannedAgent } from './planned-agent.ts';
export type { PlannedBreaker } from './planned-breaker.ts';
export type { PlannedPool } from './planned-pool.ts';
export type { Budget } from './planned-budget.ts';
export type { Turns } from './planned-turns.ts';
export { builtInRetryPolicies } from './retry-policies.ts';
export { planGraph, type GraphPlan, type TaskGraph } from './plan-graph.ts';
