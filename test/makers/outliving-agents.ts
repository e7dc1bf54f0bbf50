import { ConflictError } from '../../core/errors/index.ts';
import type { Handle } from '../../core/ids/index.ts';
import type { AgentAnswers, AgentCall, AgentRuntime } from '../../core/ports/index.ts';
import { behaviourOf, type Answer, type Script } from '../../simulation/index.ts';
import { giveAnswer } from './scripted-agents.ts';
import type { SimulatedWorld } from './simulated-world.ts';

interface Owed {
  readonly call: AgentCall;
  readonly answer: Answer;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Agents on servers: they work on while the engine's process is dead, and repeat an answer until somebody has told them what became of it. */
export interface OutlivingAgents {
  /** They hear of a new process of the engine. */
  join(world: SimulatedWorld, answers: AgentAnswers): AgentRuntime;
}

export function createOutlivingAgents(script: Script, onCall: (call: AgentCall) => void): OutlivingAgents {
  const owed = new Map<Handle, Owed>();
  return {
    join(world, answers) {
      const deliver = async ({ call, answer }: Owed): Promise<void> => {
        try {
          await giveAnswer(answers, call, answer);
        } catch (error) {
          // It came too late, or was there already.
          if (!(error instanceof ConflictError)) throw error;
        }
        owed.delete(call.handle);
      };
      const plan = (one: Owed): void => {
        world.schedule(Math.max(one.at, world.clock.now()), () => void deliver(one));
      };
      owed.forEach(plan);
      return {
        call: async (call) => {
          onCall(call);
          const [answer] = behaviourOf(script, call.path, call.attempt).answers;
          // It works on it already, for a process that has died.
          if (!answer || owed.has(call.handle)) return;
          const one = { call, answer, at: world.clock.now() + answer.after };
          owed.set(call.handle, one);
          plan(one);
        },
        cancel: async () => undefined,
        capacity: () => undefined,
        outlivesEngine: () => true,
      };
    },
  };
}
