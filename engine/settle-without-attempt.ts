import type { TaskError } from '../core/agents/index.ts';
import { advanceTask } from '../core/execution/index.ts';
import { afterSettlement } from './after-settlement.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { announceStop, stopForFailure } from './stop-for-failure.ts';
import { AGAIN } from './until-committed.ts';
import { cleared, leaveParking, taskWrites } from './writes.ts';

/** The task will not run: its join or its condition said so. */
export async function settleWithoutAttempt(
  ctx: EngineContext,
  { record, token, after }: Look,
  status: 'skipped' | 'upstream_failed',
  why: string,
): Promise<FollowUps | typeof AGAIN> {
  const now = ctx.clock.now();
  const advanced = advanceTask(
    record,
    (task) => ({ ...cleared(task), status, why, settledAt: now, ...(token !== undefined && { token }) }),
    [{ type: 'task.skipped', data: { status, why } }],
    { now, after },
  );
  const committed = await ctx.commit([...taskWrites(advanced), ...leaveParking(record)]);
  return committed ? afterSettlement(ctx, advanced.record) : AGAIN;
}

/** The task fails before any attempt: its input or its condition could not be evaluated, or does not fit. */
export async function failWithoutAttempt(
  ctx: EngineContext,
  look: Look,
  error: TaskError,
): Promise<FollowUps | typeof AGAIN> {
  const { record, token, after } = look;
  const now = ctx.clock.now();
  const advanced = advanceTask(
    record,
    (task) => ({ ...cleared(task), status: 'failed', error, settledAt: now, ...(token !== undefined && { token }) }),
    [{ type: 'task.failed', data: { attempts: record.attempts, error } }],
    { now, after },
  );
  const stop = stopForFailure(look, advanced.record, now);
  if (!(await ctx.commit([...taskWrites(advanced), ...leaveParking(record), ...stop]))) return AGAIN;
  if (stop.length > 0) await announceStop(ctx, advanced.record);
  return afterSettlement(ctx, advanced.record);
}
