// Agents as AWS Lambda functions.
// Takes: an agent. Gives: a handler for the engine's asynchronous invocation. Never: decides about a retry.
export { toLambda, type LambdaAgent, type LambdaAgentOptions } from './to-lambda.ts';
