import { eventKey, type BusEvent } from '../core/execution/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';

/** Tasks that one event wakes; more than this wait for their timers or the next event. */
const MOST_WOKEN = 10_000;

/** Publishes an event on the coordination bus. Publishing the same id twice is publishing it once. */
export async function publishEvent(ctx: EngineContext, event: BusEvent): Promise<FollowUps> {
  await ctx.commit([{ kind: 'bus_event', event }]);
  return wakeForEvent(ctx, event.type);
}

/** Those who wait for an event of this type look at it; it need not match. To be read after the event's commit. */
export async function wakeForEvent(ctx: EngineContext, type: string): Promise<FollowUps> {
  const waiting = await ctx.ledger.listParked(eventKey(type), MOST_WOKEN);
  return waiting.map(({ execution, path }) => ({ kind: 'admit', execution, path }));
}
