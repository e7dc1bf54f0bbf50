import type { TaskError } from '../../core/agents/index.ts';
import { ConflictError } from '../../core/errors/index.ts';
import type { AgentAnswers, AgentCall, AgentRuntime } from '../../core/ports/index.ts';
import { behaviourOf, type Answer, type Script } from './scenario.ts';
import type { SimulatedWorld } from './simulated-world.ts';

/** Agents that do what a script says, at the times that it says; `onCall` hears of each call. */
export function createScriptedAgents(
  world: SimulatedWorld,
  answers: AgentAnswers,
  { script, onCall }: { script: Script; onCall: (call: AgentCall) => void },
): AgentRuntime {
  const stops = new Map<string, () => void>();
  const later = (after: number, run: () => Promise<void>) =>
    world.schedule(world.clock.now() + after, () => {
      // A late or second answer is refused, and that is all that happens to a real agent too.
      run().catch((error: unknown) => {
        if (!(error instanceof ConflictError)) throw error;
      });
    });

  return {
    async call(call) {
      onCall(call);
      const behaviour = behaviourOf(script, call.path, call.attempt);
      for (const answer of behaviour.answers) later(answer.after, () => give(answers, call, answer));
      const { every, count } = behaviour.beats ?? { every: 0, count: 0 };
      for (let beat = 1; beat <= count; beat += 1) later(beat * every, () => answers.heartbeat(call.handle));
      if (behaviour.obeysStop) {
        const stopped = { name: 'Stopped', message: 'told to stop' };
        stops.set(call.handle, () => later(0, () => answers.fail(call.handle, stopped)));
      }
    },
    async cancel(handle) {
      stops.get(handle)?.();
    },
    capacity: () => undefined,
    outlivesEngine: () => false,
  };
}

async function give(answers: AgentAnswers, { handle }: AgentCall, answer: Answer): Promise<void> {
  switch (answer.kind) {
    case 'succeed':
      return answers.complete(handle, answer.value);
    case 'fail':
      return answers.fail(handle, taskError(answer.error));
    case 'crash':
      return answers.fail(handle, { name: 'AgentCrashed', message: 'the worker died' });
  }
}

function taskError({ name, message, retryable, retryAfter }: Extract<Answer, { kind: 'fail' }>['error']): TaskError {
  return {
    name,
    message,
    ...(retryable !== undefined && { retryable }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}
