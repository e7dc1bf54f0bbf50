// Definition → ValidDefinition.
// Takes: a Definition, the agent catalogue, the workflows there are. Gives: ValidDefinition, diagnostics. Never: a default, a plan.
export { executableRuntimes, notExecuted } from './rules/not-executed.ts';
export { kindsThatRead } from './rules/task-kind.ts';
export { validate } from './validate.ts';
export type { ValidDefinition } from './valid-definition.ts';
export type { KnownWorkflow, WorkflowCall, WorkflowCatalogue } from './workflow-catalogue.ts';
