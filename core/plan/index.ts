// ValidDefinition → Plan.
// Takes: a ValidDefinition. Gives: a Plan. Never: ASL, an ARN, a user's mistake (validation has found those).
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
