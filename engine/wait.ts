import { eventKey, matchesPattern, type BusEvent, type Cause } from '../core/execution/index.ts';
import type { Json } from '../core/json/index.ts';
import type { WaitTask } from '../core/plan/index.ts';
import { bindToken } from './bind-token.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { park } from './parking.ts';

import { settleNow, succeeded } from './settlement.ts';
import { failWithoutAttempt } from './settle-without-attempt.ts';
import { AGAIN } from './until-committed.ts';
import { leaveParking } from './writes.ts';

type Result = Promise<FollowUps | typeof AGAIN>;

/** A task that waits for a time or an event begins to wait. `value`: its `until`, or the pattern that the event must match. */
export function beginWait(ctx: EngineContext, look: Look, { wait }: WaitTask, value: Json): Result {
  const now = ctx.clock.now();
  switch (wait.kind) {
    case 'seconds':
      return waitForTime(ctx, look, now + wait.seconds * 1000);
    case 'until': {
      const at = timeOf(value);
      if (at !== undefined) return waitForTime(ctx, look, at);
      const message = `\`until\` is no time: ${JSON.stringify(value)}; it takes RFC 3339, or seconds since 1970`;
      return failWithoutAttempt(ctx, look, { name: 'InvalidInput', message });
    }
    case 'event': {
      const until = wait.timeout === undefined ? {} : { until: now + wait.timeout * 1000 };
      return waitForEvent(ctx, look, { kind: 'event', event: wait.event, ...until }, value);
    }
  }
}

/** A parked one was woken, or its state was entered anew. */
export async function continueWait(ctx: EngineContext, look: Look, cause: WaitCause): Result {
  if (cause.kind === 'schedule') return waitForTime(ctx, look, cause.at);
  return waitForEvent(ctx, look, cause, look.record.input ? await ctx.load(look.record.input) : {});
}

export type WaitCause = Extract<Cause, { kind: 'schedule' | 'event' }>;

async function waitForTime(ctx: EngineContext, look: Look, at: number): Result {
  if (ctx.clock.now() >= at) return settleNow(ctx, look, succeeded(await ctx.store(null)));
  return stay(ctx, look, { kind: 'schedule', at }, { at });
}

/** Puts its entry, then reads the events; who publishes writes the event, then reads the entries. */
async function waitForEvent(
  ctx: EngineContext,
  look: Look,
  cause: Extract<Cause, { kind: 'event' }>,
  pattern: Json,
): Result {
  const found = await findEvent(ctx, look, cause.event, pattern);
  if (found) return settleNow(ctx, look, succeeded(await ctx.store(await renderEvent(ctx, found))));
  if (cause.until !== undefined && ctx.clock.now() >= cause.until) {
    const message = `No event ${cause.event} that matches came in time.`;
    return failWithoutAttempt(ctx, look, { name: 'WaitTimeout', message });
  }
  const stayed = await stay(ctx, look, cause, { pattern, ...(cause.until !== undefined && { at: cause.until }) });
  if (stayed === AGAIN) return AGAIN;
  return (await findEvent(ctx, look, cause.event, pattern)) ? AGAIN : stayed;
}

/** Parks, or stays parked and is bound to the state that asks. */
async function stay(
  ctx: EngineContext,
  look: Look,
  cause: WaitCause,
  { at, pattern }: { readonly at?: number; readonly pattern?: Json },
): Result {
  const { record, execution } = look;
  const isParked = record.cause?.kind === cause.kind;
  const parking = isParked ? record.parking : record.parking + 1;
  if (isParked) {
    if (!(await bindToken(ctx, look))) return AGAIN;
  } else {
    const entry =
      cause.kind === 'event'
        ? { key: eventKey(cause.event), execution: execution.id, path: record.path, arrival: ctx.clock.now() }
        : undefined;
    const writes = [...leaveParking(record), ...(entry ? [{ kind: 'park', entry } as const] : [])];
    const input = pattern === undefined ? {} : { input: await ctx.store(pattern) };
    if (!(await park(ctx, look, { cause, writes, ...(entry && { queued: entry }), ...input }))) return AGAIN;
  }
  if (at !== undefined && (look.isAsked || !isParked)) {
    await ctx.timers.schedule({ kind: 'wake', execution: execution.id, path: record.path, parking }, at);
  }
  return [];
}

async function findEvent(
  ctx: EngineContext,
  { execution }: Look,
  type: string,
  pattern: Json,
): Promise<BusEvent | undefined> {
  for (const event of await ctx.ledger.listBusEvents(type, execution.startedAt)) {
    if (matchesPattern(pattern, await ctx.load(event.data))) return event;
  }
  return undefined;
}

/** An event as expressions and agents see it. */
export async function renderEvent(ctx: EngineContext, { id, type, source, time, data }: BusEvent): Promise<Json> {
  return { id, type, source, time: new Date(time).toISOString(), data: await ctx.load(data) };
}

/** Milliseconds since 1970. A time needs its offset: what a text without one means depends on the machine that reads it. */
function timeOf(value: Json): number | undefined {
  if (typeof value === 'number') return Number.isFinite(new Date(value * 1000).getTime()) ? value * 1000 : undefined;
  if (typeof value !== 'string' || !RFC_3339.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
