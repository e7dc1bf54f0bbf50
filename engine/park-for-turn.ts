import type { ExecutionRecord } from '../core/execution/index.ts';
import { bindToken } from './bind-token.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { park } from './parking.ts';
import { AGAIN } from './until-committed.ts';
import { leaveParking } from './writes.ts';

/**
 * The machine was started by hand, and its execution waits for its turn: so do its tasks. Parked first, then another look: who lets the
 * execution in writes that, then reads its tasks.
 */
export async function parkForTurn(
  ctx: EngineContext,
  look: Look,
  { limit, size }: NonNullable<NonNullable<ExecutionRecord['turn']>['queued']>,
): Promise<FollowUps | typeof AGAIN> {
  const { record, execution } = look;
  const cause = { kind: 'concurrency', limit, size } as const;
  const stays = record.cause?.kind === 'concurrency' && record.cause.limit === limit;
  const parked = stays ? await bindToken(ctx, look) : await park(ctx, look, { cause, writes: leaveParking(record) });
  if (!parked) return AGAIN;
  return (await ctx.getExecution(execution.id)).status === 'queued' ? [] : AGAIN;
}
