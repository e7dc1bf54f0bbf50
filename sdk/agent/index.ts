// What an agent's author imports to write one, whatever it will run on.
// Takes: schemas and a handler. Gives: an agent, errors by name, what an attempt may use. Never: knows Lambda or a server.
export { agent, type Agent, type AgentDefinition, type WorkContext } from './agent.ts';
export { AgentError, type AgentErrorOptions } from './agent-error.ts';
export { underLimits, type AttemptLimits } from './attempt-limits.ts';
export {
  callbackUrls,
  createCallback,
  type Callback,
  type CallbackOptions,
  type CallbackUrls,
  type Delivered,
} from './callback.ts';
export { logLine, type AgentLogLine } from './log-line.ts';
export { memoryAnswers, rememberAnswers, type AnswerStore } from './remember-answers.ts';
export { realWorld, type World } from './world.ts';
