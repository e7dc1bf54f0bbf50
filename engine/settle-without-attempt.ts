import type { TaskError } from '../core/agents/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { failed, settleNow } from './settlement.ts';
import type { AGAIN } from './until-committed.ts';

/** The task will not run: its join or its condition said so. */
export function settleWithoutAttempt(
  ctx: EngineContext,
  look: Look,
  status: 'skipped' | 'upstream_failed',
  why: string,
): Promise<FollowUps | typeof AGAIN> {
  return settleNow(ctx, look, { change: { status, why }, event: { type: 'task.skipped', data: { status, why } } });
}

/** The task fails before any attempt: its input or its condition could not be evaluated, or does not fit. */
export function failWithoutAttempt(
  ctx: EngineContext,
  look: Look,
  error: TaskError,
): Promise<FollowUps | typeof AGAIN> {
  return settleNow(ctx, look, failed(error, look.record.attempts));
}
