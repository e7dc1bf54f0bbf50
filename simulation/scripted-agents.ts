import type { AgentCall } from '../core/ports/index.ts';
import { answerAgent, type AgentAnswer } from './answer-agent.ts';
import type { Agents, AgentWorld } from './play.ts';
import { behaviourOf, type Answer, type Script } from './scenario.ts';

/** Agents that do what a script says. */
export function scriptedAgents(script: Script): (world: AgentWorld) => Agents {
  return ({ answer, placeOf }) => {
    const stops = new Map<string, () => void>();
    const give = (call: AgentCall, after: number, said: AgentAnswer) =>
      answer(after, (runtime) => answerAgent(runtime, call, said));
    return {
      call(call) {
        const { answers, beats, obeysStop, unreachable } = behaviourOf(script, placeOf(call), call.attempt);
        if (unreachable) return give(call, 0, unreachableAgent);
        for (const said of answers) give(call, said.after, answerOf(said));
        const { every, count } = beats ?? { every: 0, count: 0 };
        for (let beat = 1; beat <= count; beat += 1) give(call, beat * every, { kind: 'beat' });
        if (obeysStop) stops.set(call.handle, () => give(call, 0, stopped));
      },
      stop: (handle) => stops.get(handle)?.(),
    };
  };
}

const stopped: AgentAnswer = { kind: 'error', error: { name: 'Stopped', message: 'told to stop' } };
const unreachableAgent: AgentAnswer = { kind: 'error', error: { name: 'AgentUnavailable', message: 'not reached' } };

function answerOf(said: Answer): AgentAnswer {
  switch (said.kind) {
    case 'succeed':
      return { kind: 'output', output: said.value };
    case 'crash':
      return { kind: 'error', error: { name: 'AgentCrashed', message: 'the worker died' } };
    case 'fail': {
      const { name, message, retryable, retryAfter } = said.error;
      const more = { ...(retryable !== undefined && { retryable }), ...(retryAfter !== undefined && { retryAfter }) };
      return { kind: 'error', error: { name, message, ...more } };
    }
  }
}
