// WorkflowDocument → whether its saga undoes what it did, on every road to an end.
// Takes: a valid workflow with a saga. Gives: a verdict, and for each gap the way that leads there. Never: a run, a decision of one.
export type { Ending, Gap, GapKind, Scenario } from './gap.ts';
export { sagaFindings } from './findings.ts';
export { scenarioText } from './words.ts';
export { proveSaga, type SagaProof } from './prove-saga.ts';
