import { eventKey, type NewBusEvent } from '../core/execution/index.ts';
import type { EngineContext, EngineDeps } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { storeValue } from './stored-value.ts';

/** Tasks that one event wakes; more than this wait for their timers or the next event. */
const MOST_WOKEN = 10_000;

/** Publishes an event on the coordination bus. Publishing the same id twice is publishing it once. */
export async function publishEvent(ctx: EngineContext, event: NewBusEvent): Promise<FollowUps> {
  await recordEvent(ctx, event);
  return wakeForEvent(ctx, event.type);
}

/** Writes an event down and wakes nobody: where no engine runs, who waits for it reads it when its execution is resumed. */
export async function recordEvent(
  { ledger, blobs, clock }: Pick<EngineDeps, 'ledger' | 'blobs' | 'clock'>,
  { data, ...event }: NewBusEvent,
): Promise<void> {
  const stored = { ...event, time: clock.now(), data: await storeValue(blobs, data) };
  // A conflict: an event of this id is there already.
  await ledger.commit([{ kind: 'bus_event', event: stored }]);
}

/** Those who wait for an event of this type look at it; it need not match. To be read after the event's commit. */
export async function wakeForEvent(ctx: EngineContext, type: string): Promise<FollowUps> {
  const waiting = await ctx.ledger.listParked(eventKey(type), MOST_WOKEN);
  return waiting.map(({ execution, path }) => ({ kind: 'admit', execution, path }));
}
