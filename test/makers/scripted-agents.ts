import type { TaskError } from '../../core/agents/index.ts';
import { ConflictError, UnavailableError } from '../../core/errors/index.ts';
import type { AgentAnswers, AgentCall, AgentRuntime } from '../../core/ports/index.ts';
import { behaviourOf, type Answer, type Script } from '../../simulation/index.ts';
import type { SimulatedWorld } from './simulated-world.ts';

interface Scripted {
  readonly script: Script;
  readonly onCall: (call: AgentCall, place: string) => void;
  /** Under which name the script knows the task of a call; its path unless something else is said. */
  readonly placeOf?: (call: AgentCall) => string;
  /** Everything that an agent says is heard twice, and its answers once more later. */
  readonly echo?: boolean | undefined;
}

/** Agents that do what a script says, at the times that it says; `onCall` hears of each call. */
export function createScriptedAgents(
  world: SimulatedWorld,
  answers: AgentAnswers,
  { script, onCall, placeOf = ({ path }) => path, echo = false }: Scripted,
): AgentRuntime {
  const stops = new Map<string, () => void>();
  const again = echo ? [0, 0] : [0];
  const later = (after: number, run: () => Promise<void>, delays = echo ? [...again, 41] : again) => {
    for (const delay of delays)
      world.schedule(world.clock.now() + after + delay, () => {
        // A late or second answer is refused, and that is all that happens to a real agent too.
        run().catch((error: unknown) => {
          if (!(error instanceof ConflictError)) throw error;
        });
      });
  };

  return {
    async call(call) {
      const place = placeOf(call);
      onCall(call, place);
      const behaviour = behaviourOf(script, place, call.attempt);
      if (behaviour.unreachable)
        throw new UnavailableError({ code: 'agent_unreachable', message: `The agent of ${place} cannot be reached.` });
      for (const answer of behaviour.answers) later(answer.after, () => giveAnswer(answers, call, answer));
      const { every, count } = behaviour.beats ?? { every: 0, count: 0 };
      for (let beat = 1; beat <= count; beat += 1) later(beat * every, () => answers.heartbeat(call.handle), again);
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

export async function giveAnswer(answers: AgentAnswers, { handle }: AgentCall, answer: Answer): Promise<void> {
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
