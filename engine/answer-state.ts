import { isStopped, type TaskRecord } from '../core/execution/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUp } from './follow-up.ts';

/** Tells the state that waits for a settled task how it ended. The token may be dead; the ledger has decided anyway. */
export async function answerState(
  ctx: EngineContext,
  { execution, path, token }: Extract<FollowUp, { kind: 'answer' }>,
): Promise<void> {
  const record = await ctx.ledger.findTask(execution, path);
  if (record) await answerAs(ctx, record, token);
}

/** The answer of a settled task, also for the states of members that it never let run. */
export async function answerAs(ctx: EngineContext, record: TaskRecord, token: string): Promise<void> {
  const owner = await ctx.getExecution(record.execution);
  const stopping = isStopped(owner.status);
  switch (record.status) {
    case 'succeeded':
    case 'skipped':
      await ctx.tokens.succeed(token, { status: record.status });
      return;
    case 'failed':
    case 'upstream_failed':
      // The settlement that stops its execution answers its own state so: one transition, then conclude.
      if (stopping) await ctx.tokens.fail(token, 'ExecutionStopping', '');
      else await ctx.tokens.fail(token, 'TaskFailed', causeText(record));
      return;
    default:
      await ctx.tokens.fail(token, 'ExecutionStopping', '');
  }
}

/** What people read in the Step Functions console. */
function causeText({ status, error, attempts, why }: TaskRecord): string {
  const named = error ?? { name: 'UpstreamFailed', message: why ?? '' };
  return JSON.stringify({ status, error: named.name, message: named.message, attempts });
}
