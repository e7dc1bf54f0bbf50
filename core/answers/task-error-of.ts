import type { TaskError } from '../agents/index.ts';

/** Messages are stored and shown; an agent that throws a whole page keeps its beginning, in characters. */
const LONGEST_MESSAGE = 4000;

/**
 * What an agent threw, as the ledger stores it: the error's own name, `retryable` and `retryAfter` (seconds).
 * A plain Error has no name of its own and becomes AgentFailure.
 */
export function taskErrorOf(thrown: unknown): TaskError {
  if (typeof thrown !== 'object' || thrown === null)
    return { name: 'AgentFailure', message: shortened(String(thrown)) };
  const name = memberOf(thrown, 'name');
  const message = memberOf(thrown, 'message');
  const retryable = memberOf(thrown, 'retryable');
  const retryAfter = memberOf(thrown, 'retryAfter');
  return {
    name: typeof name === 'string' && name !== '' && name !== 'Error' ? shortened(name) : 'AgentFailure',
    message: typeof message === 'string' ? shortened(message) : 'The agent threw something that is no Error.',
    ...(typeof retryable === 'boolean' && { retryable }),
    ...(typeof retryAfter === 'number' && retryAfter >= 0 && Number.isFinite(retryAfter) && { retryAfter }),
  };
}

/** Members of foreign objects may be getters that throw. */
function memberOf(thrown: object, key: string): unknown {
  try {
    return Reflect.get(thrown, key);
  } catch {
    return undefined;
  }
}

function shortened(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}
