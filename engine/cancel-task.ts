import {
  advanceTask,
  isSettled,
  untouchedTask,
  type ExecutionRecord,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { TaskPath } from '../core/ids/index.ts';
import { afterSettlement } from './after-settlement.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { cleared, leaveParking, releaseLimit, taskWrites } from './writes.ts';

export interface Cancellation {
  /** `unknown` for an attempt that was made and has not answered. */
  readonly status: 'cancelled' | 'unknown';
  /** Attempts that count; given when an intent is withdrawn. */
  readonly attempts?: number;
}

/** Settles a task that the end of its execution leaves without an answer. */
export async function cancelTask(
  ctx: EngineContext,
  execution: ExecutionRecord,
  path: TaskPath,
  { status, attempts }: Cancellation,
): Promise<FollowUps> {
  return untilCommitted(`Cancellation of ${path}`, async () => {
    const record = (await ctx.ledger.findTask(execution.id, path)) ?? untouchedTask(execution.id, path);
    if (isSettled(record.status)) return [];
    const now = ctx.clock.now();
    const counted = attempts ?? record.attempts;
    const advanced = advanceTask(
      record,
      (task: TaskRecord) => ({ ...cleared(task), status, attempts: counted, settledAt: now }),
      [{ type: 'task.cancelled', data: { status, attempts: counted } }],
      { now, after: execution.lamport },
    );
    const writes = [...taskWrites(advanced), ...leaveParking(record), ...(await releaseLimit(ctx.ledger, record))];
    return (await ctx.commit(writes)) ? afterSettlement(ctx, advanced.record) : AGAIN;
  });
}
