// Events → views.
// Takes: events; records and a plan to explain. Gives: views, explanations, violations. Never: a decision, a store.
export { compareEvents } from './compare-events.ts';
export { createViewBuilder, evolveView, foldEvents, type ViewBuilder } from './evolve-view.ts';
export type { ExecutionView, TaskView } from './execution-view.ts';
export { explain } from './explain.ts';
export type { CauseLink, ExplainInput, Explanation, LinkKind, NextStep } from './explanation.ts';
