import type { BusEvent } from '../core/execution/index.ts';
import type { Json } from '../core/json/index.ts';
import type { EmitTask } from '../core/plan/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { wakeForEvent } from './publish-event.ts';
import { settleNow, succeeded } from './settlement.ts';
import { AGAIN } from './until-committed.ts';
import { renderEvent } from './wait.ts';

/** Publishes the task's event and settles the task in one commit: so the event is published once, however often this is tried. */
export async function emit(
  ctx: EngineContext,
  look: Look,
  planned: EmitTask,
  data: Json,
): Promise<FollowUps | typeof AGAIN> {
  const { execution, record } = look;
  const event: BusEvent = {
    id: `${execution.id}/${record.path}`,
    type: planned.event,
    source: execution.id,
    // Waits hear what was published since their execution began; it may have begun by another clock, which is fast.
    time: Math.max(ctx.clock.now(), execution.startedAt),
    data: await ctx.store(data),
  };
  const output = await ctx.store(await renderEvent(ctx, event));
  const settled = await settleNow(ctx, look, { ...succeeded(output), writes: [{ kind: 'bus_event', event }] });
  return settled === AGAIN ? AGAIN : [...(await wakeForEvent(ctx, event.type)), ...settled];
}
