// Why an execution or a task is where it is.
// Takes: records, a plan, the time. Gives: an Explanation. Never: a store, a guess about agents.
export { explain } from './explain.ts';
export type { CauseLink, ExplainInput, Explanation, LinkKind, NextStep } from './explanation.ts';
