import type { TaskError } from '../core/agents/index.ts';
import type { StoredValue } from '../core/execution/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { GateWrites, Passage } from './gates/index.ts';
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

/** The task fails before an attempt: its input or its condition could not be evaluated or does not fit, or a gate rejects it. */
export function failWithoutAttempt(
  ctx: EngineContext,
  look: Look,
  error: TaskError,
  { writes, facts = [] }: GateWrites = { writes: [] },
): Promise<FollowUps | typeof AGAIN> {
  return settleNow(ctx, { ...look, before: facts }, { ...failed(error, look.record.attempts), writes });
}

/** The task succeeds with the answer to an earlier call. */
export function settleFromCache(
  ctx: EngineContext,
  look: Look,
  input: StoredValue,
  { output, cached }: Extract<Passage, { kind: 'settle' }>,
): Promise<FollowUps | typeof AGAIN> {
  const { attempts } = look.record;
  return settleNow(ctx, look, {
    change: { status: 'succeeded', input, output, cached },
    event: { type: 'task.completed', data: { attempts, output, cached } },
  });
}
