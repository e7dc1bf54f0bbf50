import type { AgentAnswers, AgentRuntime } from '../../core/ports/index.ts';
import type { World } from '../../local/index.ts';
import type { Mortality } from './mortality.ts';

/** What a dying process says to timers and agents, and hears of them: nothing after its death. */
export function createMortalWorld(world: World, { during }: Mortality): World {
  const hearing = (answers: AgentAnswers): AgentAnswers => ({
    complete: (handle, output) => during('answer of an agent', () => answers.complete(handle, output)),
    fail: (handle, error) => during('answer of an agent', () => answers.fail(handle, error)),
    heartbeat: (handle) => during('answer of an agent', () => answers.heartbeat(handle)),
  });
  const speaking = (agents: AgentRuntime): AgentRuntime => ({
    call: (call) => during('call of an agent', () => agents.call(call)),
    cancel: (handle, why, patience) => during('stop of an agent', () => agents.cancel(handle, why, patience)),
    capacity: (type) => agents.capacity(type),
    outlivesEngine: (type) => agents.outlivesEngine(type),
  });
  return {
    ...world,
    createTimers(deliver) {
      const timers = world.createTimers((timer) => during('firing of a timer', () => deliver(timer)));
      return { schedule: (timer, at) => during('setting of a timer', () => timers.schedule(timer, at)) };
    },
    createAgents: (answers, onRoom) => speaking(world.createAgents(hearing(answers), onRoom)),
  };
}
