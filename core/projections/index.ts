// Events → views, and what can be said about them.
// Takes: events; records and a plan. Gives: views, explanations, violations. Never: a decision, a store.
export { compareEvents } from './compare-events.ts';
export { createViewBuilder, evolveView, foldEvents, type ViewBuilder } from './evolve-view.ts';
export type { CallProgress, ExecutionView, TaskView } from './execution-view.ts';
export {
  explain,
  type CauseLink,
  type ExplainInput,
  type Explanation,
  type LinkKind,
  type NextStep,
} from './explain/index.ts';
export { observedDurations, type ObservedDuration } from './observed-durations.ts';
export {
  verifyHistory,
  verifyTurns,
  type AnomalyName,
  type History,
  type LedgerRecords,
  type TurnHistory,
  type Violation,
} from './verify/index.ts';
