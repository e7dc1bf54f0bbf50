import { createDelivery } from '../../adapters/http/index.ts';
import { MAX_ANSWER_BYTES, type AgentContext, type AgentFunction } from '../../core/agents/index.ts';
import { answerText, createUsageMeter, taskErrorOf } from '../../core/answers/index.ts';
import { UnavailableError } from '../../core/errors/index.ts';
import type { Handle } from '../../core/ids/index.ts';
import type { AgentAnswers, AgentCall, AgentRuntime } from '../../core/ports/index.ts';
import { logOf, type AgentLog } from './agent-log.ts';

export interface InProcessAgentRuntimeOptions {
  readonly answers: AgentAnswers;
  /** Agents by the path of the module that they stand for. */
  readonly functions: ReadonlyMap<string, AgentFunction>;
  readonly onLog?: (log: AgentLog) => void;
  /** Hears when an answer could not be recorded. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Local agents in the engine's own process, for tests and measurements: no isolation, no memory limit, and an agent that blocks
 * blocks everything. What agents throw and answer is read as it is from a worker.
 */
export function createInProcessAgentRuntime(options: InProcessAgentRuntimeOptions): AgentRuntime {
  const { answers, functions, onLog, onError = () => undefined } = options;
  const delivery = createDelivery({ answers, onError });
  const live = new Map<Handle, AbortController>();

  async function run(agent: AgentFunction, call: AgentCall, controller: AbortController): Promise<void> {
    const { handle, task: id, path, index, count } = call;
    // A copy, as a worker gets: what an agent does to its input must not reach the ledger.
    const input = structuredClone(call.input);
    const say = (message: string) => onLog?.(logOf(call, 'log', message));
    const usage = createUsageMeter(say);
    const context: AgentContext = {
      execution: call.execution,
      agent: call.agent,
      attempt: call.attempt,
      idempotencyKey: call.idempotencyKey,
      ...(call.slot && { slot: call.slot }),
      signal: controller.signal,
      heartbeat: () => void delivery.heartbeat(handle),
      usage: (used) => usage.add(used),
      log: say,
    };
    try {
      const answer = await agent({ id, path, input, index, count }, context);
      await delivery.complete(handle, answerText(answer, MAX_ANSWER_BYTES), usage.total());
    } catch (error) {
      await delivery.fail(handle, taskErrorOf(error), usage.total());
    } finally {
      live.delete(handle);
    }
  }

  return {
    async call(call) {
      if (live.has(call.handle)) return;
      const agent = call.agentType.runtime === 'local' ? functions.get(call.agentType.module) : undefined;
      if (!agent)
        throw new UnavailableError({ code: 'agent_missing', message: `There is no ${call.agentType.name} here.` });
      const controller = new AbortController();
      live.set(call.handle, controller);
      // In a turn of its own: the engine has the call's acceptance before an answer.
      queueMicrotask(() => void run(agent, call, controller));
    },
    async cancel(handle, why) {
      live.get(handle)?.abort(Object.assign(new Error(why), { name: 'AbortError' }));
    },
    capacity: () => undefined,
    outlivesEngine: () => false,
  };
}
