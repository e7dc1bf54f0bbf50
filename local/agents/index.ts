// Runs agents: in worker processes or in this one; and joins what runs them.
// Takes: calls of the engine. Gives: answers, by the call's handle. Never: a retry, a decision about a task.
export type { AgentLog } from './agent-log.ts';
export { createAgentRuntimes } from './agent-runtimes.ts';
export { createInProcessAgentRuntime, type InProcessAgentRuntimeOptions } from './in-process-agent-runtime.ts';
export { createWorkerPool, type WorkerPool, type WorkerPoolOptions } from './worker-pool.ts';
export {
  createWorkerAgentRuntime,
  type WorkerAgentRuntime,
  type WorkerAgentRuntimeOptions,
} from './worker-agent-runtime.ts';
