import type { AgentContext, AgentFunction, AgentTask } from '../../core/agents/index.ts';
import type { Json } from '../../core/json/index.ts';

export interface CallOptions {
  readonly index?: number;
  readonly count?: number;
  readonly context?: Partial<AgentContext>;
}

/** A context that nothing stops and that keeps silent. */
export function quietContext(changes: Partial<AgentContext> = {}): AgentContext {
  return {
    execution: 'exec_test',
    agent: 'agent',
    attempt: 1,
    idempotencyKey: 'exec_test/task',
    signal: new AbortController().signal,
    heartbeat: () => undefined,
    usage: () => undefined,
    log: () => undefined,
    ...changes,
  };
}

/** Calls an agent as the runtime does. Input and output go through JSON, as they do between threads. */
export async function callAgent(agent: AgentFunction, input: unknown, options: CallOptions = {}): Promise<Json> {
  const { index = 0, count = 1 } = options;
  const task: AgentTask = { id: 'task', path: 'task', input: throughJson(input), index, count };
  return throughJson(await agent(task, quietContext(options.context)));
}

function throughJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
