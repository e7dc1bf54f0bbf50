import { describe, expect, it } from 'vitest';
import type { AgentSlot, AgentType } from '../../core/agents/index.ts';
import { handle } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { AgentCall, AgentRuntime } from '../../core/ports/index.ts';
import { agentCall } from '../makers/agent-calls.ts';

/** What an agent was asked, as it understands it. */
export interface Asked {
  readonly handle: string;
  readonly task: {
    readonly id: string;
    readonly path: string;
    readonly input: Json;
    readonly index: number;
    readonly count: number;
  };
  readonly execution: string;
  readonly agent: string;
  readonly attempt: number;
  readonly idempotencyKey: string;
  readonly slot?: AgentSlot;
}

export interface RuntimeOnTrial {
  readonly runtime: AgentRuntime;
  /** Of an agent that takes its calls and answers nothing. */
  readonly agentType: AgentType;
  /** Of an agent that cannot be reached. */
  readonly unreachable: AgentType;
  /** What the agent was asked, once that is known. */
  readonly asked: () => Promise<readonly Partial<Asked>[]>;
}

/** What every AgentRuntime does. `create` makes one that has called nobody. */
const slot: AgentSlot = { pool: 'linters', instance: 1, slot: 3, token: 7 };

export function agentRuntimeContract(name: string, create: () => RuntimeOnTrial): void {
  const callOf = (agentType: AgentType): AgentCall =>
    agentCall(agentType, { input: { files: ['a.ts'], deep: [{ n: 1 }, null] }, index: 2, count: 5, attempt: 3, slot });

  describe(name, () => {
    it('asks the agent for what the engine wants, once', async () => {
      const { runtime, agentType, asked } = create();
      const call = callOf(agentType);

      await runtime.call(call);

      const [told, ...more] = await asked();
      const { handle: own, task: id, path, input, index, count, execution, agent, attempt, idempotencyKey } = call;
      const expected = {
        handle: own,
        task: { id, path, input, index, count },
        execution,
        agent,
        attempt,
        idempotencyKey,
        slot,
      };
      expect(expected).toMatchObject(told ?? {});
      expect(told).toMatchObject({ task: { input, index, count }, attempt, idempotencyKey, slot });
      expect(more).toEqual([]);
    });

    it('throws UnavailableError for an agent that cannot be reached', async () => {
      const { runtime, unreachable } = create();

      await expect(runtime.call(callOf(unreachable))).rejects.toMatchObject({ name: 'UnavailableError' });
    });

    it('cancels what it knows and what it does not, without a word', async () => {
      const { runtime, agentType } = create();
      const call = callOf(agentType);
      await runtime.call(call);

      await runtime.cancel(call.handle, 'the execution stops');
      await runtime.cancel(handle('hdl_of_nobody'), 'the execution stops');

      expect(runtime.outlivesEngine(agentType)).toBeTypeOf('boolean');
    });

    it('has no limit, or one with room for a call at the start', () => {
      const { runtime, agentType } = create();

      expect(runtime.capacity(agentType)?.free ?? 1).toBeGreaterThan(0);
    });
  });
}
