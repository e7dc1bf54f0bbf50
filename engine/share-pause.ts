import { ConflictError } from '../core/errors/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { pause } from './pause.ts';
import { unpause } from './unpause.ts';

/**
 * A child's pause begins and ends with its parent's; one that somebody has paused by itself stays so. Asked whenever one of the two has
 * changed: whoever writes second sees the first, so it asks again until the two agree.
 */
export async function sharePause(ctx: EngineContext, id: ExecutionId): Promise<FollowUps> {
  const child = await ctx.ledger.findExecution(id);
  const parent = child?.parent && (await ctx.ledger.findExecution(child.parent.execution));
  if (!child || !parent) return [];
  const again = { kind: 'share_pause', execution: id } as const;
  try {
    if (child.status === 'running' && parent.status === 'paused') {
      const { followUps } = await pause(ctx, id, { by: parent.id });
      return [...followUps, again];
    }
    // A stop that drains lets children finish; by any other they are stopped themselves.
    const goesOn = parent.status === 'running' || parent.stopping?.drain === true;
    if (child.paused?.by === parent.id && goesOn) {
      return [...(await unpause(ctx, id, parent.id)), again];
    }
    return [];
  } catch (error) {
    // It has ended meanwhile, or its parent has been paused again.
    if (error instanceof ConflictError) return [];
    throw error;
  }
}
