// Events → views.
// Takes: events. Gives: views. Never: a decision, a store.
export type { ExecutionView, TaskView } from './execution-view.ts';
