import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentContext, AgentFunction } from '../../core/agents/index.ts';
import type { Json } from '../../core/json/index.ts';
import { createChance, seedOf } from '../../core/chance/index.ts';

/** What an agent can do to its process, where it has one of its own. */
export interface Misdeeds {
  readonly crash: () => never | Promise<never>;
  readonly hang: (context: AgentContext) => Promise<never>;
}

/** At most, in milliseconds, of one that works for a while. */
const LONGEST_WORK_MS = 60;

/**
 * An agent that works, fails, crashes or hangs: what it does follows from the seed in its input, its task and the attempt, so that the same
 * seed brings the same misfortunes. It answers a number from 0 to 1 and a list of up to 40 numbers.
 */
export function moodyAgent({ crash, hang }: Misdeeds): AgentFunction {
  return async ({ path, input }, context): Promise<Json> => {
    const { seed } = input as { readonly seed: number };
    const chance = createChance(seedOf(`${seed} ${path} ${context.attempt}`));
    const mood = chance();
    if (mood < 0.005) return crash();
    if (mood < 0.01) return hang(context);
    if (mood < 0.07) throw Object.assign(new Error('not today'), { name: 'BadDay' });
    if (mood < 0.09) throw Object.assign(new Error('too many'), { name: 'AgentThrottled', retryAfter: 0.2 });
    if (mood < 0.095) throw Object.assign(new Error('never'), { name: 'PermissionDenied', retryable: false });
    if (mood < 0.5) await work(chance() * LONGEST_WORK_MS, context);
    return { value: chance(), items: Array.from({ length: Math.floor(40 * chance()) }, (_, n) => n) };
  };
}

async function work(ms: number, context: AgentContext): Promise<void> {
  context.heartbeat();
  await sleep(ms, undefined, { signal: context.signal });
  context.log(`worked for ${ms.toFixed(0)} ms`);
}
