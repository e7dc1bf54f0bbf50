// A kit for testing an agent alone, with any test runner.
// Takes: an agent and an input. Gives: what it answered, threw, logged and beat, as the engine would record it. Never: an engine, a network.
export {
  callAgent,
  deliverTwice,
  startAgent,
  type AgentRun,
  type CallOptions,
  type StartedAgent,
} from './call-agent.ts';
export { failureOf, outputOf, type AgentFailure } from './judge-run.ts';
export { invokeLambda, lambdaCall, type InvocationOptions, type InvocationRecord } from './invoke-lambda.ts';
