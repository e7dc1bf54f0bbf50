// ValidDefinition → Plan.
// Takes: a ValidDefinition, or a bare graph. Gives: a Plan. Never: ASL, an ARN, a user's mistake (validation has found those).
export { mermaidOf } from './mermaid.ts';
export { plan } from './plan-definition.ts';
export type {
  Block,
  CriticalPath,
  Dependency,
  DependencyOn,
  Gate,
  Join,
  OnFailure,
  Plan,
  PlannedTask,
  RetryPolicy,
} from './plan.ts';
export { planGraph, type GraphPlan, type TaskGraph } from './plan-graph.ts';
