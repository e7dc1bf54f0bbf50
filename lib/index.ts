// DEPLOY TIME: Skein as CDK stacks, and the constructs that other apps put their agents and workflows in with.
// Takes: a stage. Gives: stacks, constructs. Never: a handler's code by import, a decision about an execution.
export { type AgentProps, type AgentRegistration } from './constructs/agent-registration.ts';
export { HttpAgent, type HttpAgentProps } from './constructs/http-agent.ts';
export { HumanAgent, type HumanAgentProps } from './constructs/human-agent.ts';
export { LambdaAgent, type LambdaAgentProps } from './constructs/lambda-agent.ts';
export { ModelAgent, modelSchemas, type ModelAgentProps } from './constructs/model-agent.ts';
export { type HomeProps } from './constructs/stage-facts.ts';
export { Workflow, type WorkflowProps } from './constructs/workflow.ts';
export { createStacks } from './skein-stacks.ts';
export {
  findSettings,
  stageNames,
  stageOf,
  type StageName,
  type StageOptions,
  type StageProps,
  type TokenIssuer,
} from './stages.ts';
