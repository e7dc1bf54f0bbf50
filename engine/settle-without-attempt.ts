import type { TaskError } from '../core/agents/index.ts';
import { commitSettlement } from './settlement.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { AGAIN } from './until-committed.ts';

type Settled = Promise<FollowUps | typeof AGAIN>;

/** The task will not run: its join or its condition said so. */
export async function settleWithoutAttempt(
  ctx: EngineContext,
  look: Look,
  status: 'skipped' | 'upstream_failed',
  why: string,
): Settled {
  const event = { type: 'task.skipped', data: { status, why } } as const;
  const findFollowUps = await commitSettlement(ctx, look, { change: { status, why }, event });
  return findFollowUps === AGAIN ? AGAIN : findFollowUps();
}

/** The task fails before any attempt: its input or its condition could not be evaluated, or does not fit. */
export async function failWithoutAttempt(ctx: EngineContext, look: Look, error: TaskError): Settled {
  const event = { type: 'task.failed', data: { attempts: look.record.attempts, error } } as const;
  const findFollowUps = await commitSettlement(ctx, look, { change: { status: 'failed', error }, event });
  return findFollowUps === AGAIN ? AGAIN : findFollowUps();
}
