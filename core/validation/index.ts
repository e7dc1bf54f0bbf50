// Definition → ValidDefinition.
// Takes: a Definition and the agent catalogue. Gives: ValidDefinition, diagnostics. Never: a default, a plan.
export type { ValidDefinition } from './valid-definition.ts';
