import { controlPlace, keyPart, rateKey, type Cause, type ParkedEntry } from '../../core/execution/index.ts';
import {
  decideRate,
  freeCalls,
  noCalls,
  turnAt,
  type RateLog,
  type RateSettings,
} from '../../core/resilience/index.ts';
import type { EngineContext } from '../engine-context.ts';
import type { FollowUps } from '../follow-up.ts';
import type { AgentLook } from '../look.ts';
import { readControl, type Control } from './control.ts';
import type { Gate, Passage } from './gate.ts';
import { entryIn, FAR_BEHIND, frontOfQueue, placeOf } from './shared-queue.ts';

/** Where the calls of all agent types with a limit are counted. */
export const RATES = 'rate';

/** Where the calls of an agent type are counted. */
export function rateControl(agent: string): string {
  return `${RATES}/${keyPart(agent)}`;
}

/**
 * How often an agent type is called. A call is written down in the commit of its attempt, under the condition of what was written down
 * before: of those who come at once, no more get through than may. Who has to wait stands in a queue for all executions, with a timer for its turn.
 */
export const rateGate: Gate = {
  async look(ctx, look) {
    const { workflow, planned, agentType } = look;
    const settings = workflow.index.plan.agents[planned.agent]?.rate;
    if (!settings) return { kind: 'pass', writes: [] };
    const control = await readControl<RateLog>(ctx, rateControl(agentType.name));
    const { value: before = noCalls, put } = control;
    const now = ctx.clock.now();
    const log = decideRate(before, { kind: 'looked' }, now);
    const free = freeCalls(log, settings, now);
    const entry = entryIn(ctx, look, rateKey(agentType.name));
    const { waiting } = await frontOfQueue(ctx, entry.key, { enough: free, before: entry });
    if (waiting >= free) return queue(ctx, look, settings, { entry, control, log, now });
    const taken = decideRate(before, { kind: 'taken', settings }, now);
    const rate = { agent: agentType.name, at: now, epoch: taken.epoch };
    return { kind: 'pass', holds: { rate }, writes: [put(taken)] };
  },

  async leave(ctx, { record, report }) {
    const hold = record.attempt?.holds?.rate;
    if (!hold || report.kind !== 'withdrawn') return { writes: [] };
    const { value: before = noCalls, put } = await readControl<RateLog>(ctx, rateControl(hold.agent));
    const log = decideRate(before, { kind: 'withdrawn', hold }, ctx.clock.now());
    return { writes: log === before ? [] : [put(log)] };
  },

  controls: { folder: RATES, wake: (ctx, key) => wakeNext(ctx, controlPlace(key).name) },
  queue: {
    prefix: rateKey(''),
    wake: (ctx, key) => wakeNext(ctx, key.slice(rateKey('').length)),
    movesUp: true,
  },
};

interface Seen {
  readonly entry: ParkedEntry;
  readonly control: Control<RateLog>;
  readonly log: RateLog;
  readonly now: number;
}

async function queue(
  ctx: EngineContext,
  { record: { cause: before } }: AgentLook,
  { calls, per }: RateSettings,
  { entry, control, log, now }: Seen,
): Promise<Passage> {
  const { key, arrival } = entry;
  const agent = key.slice(rateKey('').length);
  const place = placeOf(await ctx.ledger.listParked(key, FAR_BEHIND), entry);
  const at = turnAt(log, { calls, per }, { place, now });
  const cause = { kind: 'rate', agent, calls, per, at } as const;
  // A clock that has gone back is written down, or it would be found to have gone back at each look, and the turn put off each time.
  const writes = log === control.value || control.value === undefined ? [] : [control.put(log)];
  return { kind: 'park', key, arrival, cause: holdsGood(before, cause, { place, now }) ? before : cause, writes };
}

type RateCause = Extract<Cause, { kind: 'rate' }>;

/** Who comes to the front has to know when its turn is; the others may find out when the time comes that they were told. */
function holdsGood(
  before: Cause | undefined,
  { agent, at }: RateCause,
  { place, now }: { readonly place: number; readonly now: number },
): before is RateCause {
  if (before?.kind !== 'rate' || before.agent !== agent || before.at <= now) return false;
  return place > 0 || before.at <= at;
}

/** Those for whom there are calls, and in any case the first one, which has to see when its turn is. */
async function wakeNext(ctx: EngineContext, agent: string): Promise<FollowUps> {
  const { value } = await readControl<RateLog>(ctx, rateControl(agent));
  const free = value ? freeCalls(value, value.limit, ctx.clock.now()) : 0;
  const { entries } = await frontOfQueue(ctx, rateKey(agent), { enough: Math.max(1, free) });
  return entries.map(({ execution, path }) => ({ kind: 'admit', execution, path }) as const);
}
