// Events → views.
// Takes: events. Gives: views. Never: a decision, a store.
export { compareEvents } from './compare-events.ts';
export { createViewBuilder, evolveView, foldEvents, type ViewBuilder } from './evolve-view.ts';
export type { ExecutionView, TaskView } from './execution-view.ts';
