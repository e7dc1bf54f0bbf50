import { isSettled, untouchedTask, type ExecutionRecord } from '../core/execution/index.ts';
import type { TaskPath } from '../core/ids/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { settleNow } from './settlement.ts';
import { untilCommitted } from './until-committed.ts';

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
  const workflow = await ctx.getWorkflow(execution);
  const planned = workflow.index.taskAt(path);
  return untilCommitted(`Cancellation of ${path}`, async () => {
    const record = (await ctx.ledger.findTask(execution.id, path)) ?? untouchedTask(execution.id, path);
    if (isSettled(record.status)) return [];
    const counted = attempts ?? record.attempts;
    const settling = { execution, workflow, planned, record, after: execution.lamport };
    return settleNow(ctx, settling, {
      change: { status, attempts: counted },
      event: { type: 'task.cancelled', data: { status, attempts: counted } },
    });
  });
}
