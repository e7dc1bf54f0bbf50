// Definition → ValidDefinition.
// Takes: a Definition and the agent catalogue. Gives: ValidDefinition, diagnostics. Never: a default, a plan.
export { validate } from './validate.ts';
export type { ValidDefinition } from './valid-definition.ts';
