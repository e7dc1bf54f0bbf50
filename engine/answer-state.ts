import { isStopped, type TaskRecord } from '../core/execution/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUp } from './follow-up.ts';

/** Tells the state that waits for a settled task how it ended. False: the token is dead; the ledger has decided anyway. */
export async function answerState(
  ctx: EngineContext,
  { execution, path, token }: Extract<FollowUp, { kind: 'answer' }>,
): Promise<boolean> {
  const record = await ctx.ledger.findTask(execution, path);
  return record ? answerAs(ctx, record, token) : false;
}

/** The answer of a settled task, also for the states of members that it never let run. */
export async function answerAs(ctx: EngineContext, record: TaskRecord, token: string): Promise<boolean> {
  const owner = await ctx.getExecution(record.execution);
  const stopping = isStopped(owner.status);
  switch (record.status) {
    case 'succeeded':
    case 'skipped':
      return ctx.tokens.succeed(token, { status: record.status });
    case 'failed':
    case 'upstream_failed':
      // The settlement that stops its execution answers its own state so: one transition, then conclude.
      return stopping
        ? ctx.tokens.fail(token, 'ExecutionStopping', '')
        : ctx.tokens.fail(token, 'TaskFailed', causeText(record));
    default:
      return ctx.tokens.fail(token, 'ExecutionStopping', '');
  }
}

/** What people read in the Step Functions console. */
function causeText({ status, error, attempts, why }: TaskRecord): string {
  const named = error ?? { name: 'UpstreamFailed', message: why ?? '' };
  return JSON.stringify({ status, error: named.name, message: named.message, attempts });
}
