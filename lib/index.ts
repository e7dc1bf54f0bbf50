// DEPLOY TIME: Skein as CDK stacks, and the constructs that other apps put their agents and workflows in with.
// Takes: a stage. Gives: stacks, constructs. Never: a handler's code by import, a decision about an execution.
export { createStacks } from './skein-stacks.ts';
export { stageNames, stageOf, type StageName, type StageOptions, type StageProps, type TokenIssuer } from './stages.ts';
