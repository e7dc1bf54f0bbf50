import type { ExecutionRecord } from '../core/execution/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { queuesBehind } from './turns.ts';

/**
 * Tells the machine of an execution that has ended, and the task that has started it, and lets in who waited for its places. All of them may
 * have heard already.
 */
export async function announceEnd(ctx: EngineContext, execution: ExecutionRecord): Promise<FollowUps> {
  const { concludeToken, parent } = execution;
  if (concludeToken !== undefined) await answer(ctx, execution, concludeToken);
  const behind = queuesBehind(execution).map((queue) => ({ kind: 'let_in', queue }) as const);
  return parent ? [{ kind: 'child_ended', ...parent }, ...behind] : behind;
}

/** A cancelled execution's machine is stopped (ABORTED); all others go on to their verdict. */
export async function answer(ctx: EngineContext, execution: ExecutionRecord, token: string): Promise<void> {
  const cause = execution.error?.message ?? '';
  if (execution.status === 'cancelled') await ctx.machines.stop(execution.id, cause);
  else await ctx.tokens.succeed(token, { status: execution.status, cause });
}
