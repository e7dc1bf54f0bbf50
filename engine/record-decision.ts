import type { ActionRequest, Decision } from '../core/execution/index.ts';
import type { ApprovalId } from '../core/ids/index.ts';
import { decide } from './decide.ts';
import { createEngineContext, type EngineContext, type EngineDeps } from './engine-context.ts';
import { intervene, type Intervened, type Place } from './intervene.ts';
import { people } from './people.ts';

type Recording = Pick<EngineDeps, 'tenant' | 'handleSecret' | 'ledger' | 'blobs' | 'definitions' | 'clock' | 'ids'>;

/**
 * Writes a decision down and sets nothing in motion: where no engine runs, what follows from it follows when the execution is resumed.
 * Throws as `Engine.decide` does.
 */
export async function recordDecision(deps: Recording, approval: ApprovalId, decision: Decision): Promise<void> {
  const ctx = recordingContext(deps);
  await decide(ctx, approval, decision);
  await ctx.durable();
}

/** The same for a manual action. Throws as `Engine.intervene` does. */
export async function recordIntervention(deps: Recording, place: Place, asked: ActionRequest): Promise<Intervened> {
  const ctx = recordingContext(deps);
  const { done } = await intervene(ctx, place, asked);
  await ctx.durable();
  return done;
}

function recordingContext(deps: Recording): EngineContext {
  return createEngineContext({
    ...deps,
    // Nothing outside of the ledger is asked or told before the first follow-up, and there is none.
    engineId: 'nobody',
    agents: people,
    machines: { start: async () => undefined, stop: async () => undefined },
    tokens: { succeed: async () => false, fail: async () => false },
    timers: { schedule: async () => undefined },
    bus: { publish: () => undefined },
    later: () => undefined,
    onError: () => undefined,
  });
}
