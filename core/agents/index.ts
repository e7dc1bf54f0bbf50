// Agents as the engine and their authors see them.
// Takes: nothing. Gives: the catalogue's types and the contract of a call. Never: runs one.
export type {
  AgentCatalogue,
  AgentRuntimeKind,
  AgentType,
  HttpAgentType,
  HumanAgentType,
  LambdaAgentType,
  LocalAgentType,
  RemoteAgentType,
} from './agent-catalogue.ts';
export type { AgentContext, AgentFunction, AgentSlot, AgentTask, TaskError, Usage } from './agent-contract.ts';
export { answerProblem, MAX_ANSWER_BYTES } from './answer-limits.ts';
export { readHandle, signHandle, type HandleScope } from './handles.ts';
export {
  lambdaErrorMessage,
  readLambdaAnswer,
  taskErrorOfLambda,
  usageOfLambda,
  type LambdaAgentCall,
  type LambdaAnswer,
  type LambdaErrorDetail,
  type LambdaFailure,
} from './lambda-contract.ts';
