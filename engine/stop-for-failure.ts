import { signHandle } from '../core/agents/index.ts';
import {
  advanceExecution,
  isSettled,
  isStopped,
  liftPause,
  type ExecutionRecord,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { liveChildren } from './live-children.ts';
import { executionWrites } from './writes.ts';

interface Failing {
  readonly execution: ExecutionRecord;
  readonly workflow: LoadedWorkflow;
}

/**
 * The writes by which a task's failure stops its execution; none where it may fail alone, where the others go on, or where the
 * execution is stopping already. They belong into the commit of the failure: there is no moment in which a failed
 * task's execution still starts something.
 */
export function stopForFailure(
  { execution, workflow }: Failing,
  failed: TaskRecord,
  now: number,
): readonly LedgerWrite[] {
  const { index } = workflow;
  const { onFailure } = index.plan;
  if (onFailure === 'continue' || isStopped(execution.status) || index.isTolerated(failed.path)) return [];
  const drain = onFailure === 'drain';
  return executionWrites(
    advanceExecution(
      liftPause(execution, now),
      { status: 'stopping', stopping: { reason: 'failure', drain, at: now, task: failed.path } },
      [
        {
          type: 'workflow.status_changed',
          data: { from: execution.status, to: 'stopping', reason: 'failure', task: failed.path },
        },
      ],
      { now, after: failed.lamport },
    ),
  );
}

/**
 * What follows the commit of a failure that has stopped its execution. The machine hears of it by the answer to the task's own state,
 * or, when it has not come there yet, by any other.
 */
export async function announceStop(ctx: EngineContext, { execution, token }: TaskRecord): Promise<FollowUps> {
  const followUps = await signalStop(ctx, execution);
  if (token === undefined) await rejectOneToken(ctx, execution);
  return followUps;
}

/**
 * Tells every agent that works for a stopping execution to stop, unless it drains; best effort: they may still answer. Its children are
 * stopped by what follows.
 */
export async function signalStop(ctx: EngineContext, execution: ExecutionId): Promise<FollowUps> {
  const owner = await ctx.getExecution(execution);
  const { stopping } = owner;
  if (!stopping) return [];
  const tasks = await ctx.ledger.listTasks(execution);
  // They finish, as it does: those that share a pause which the stop has ended, too.
  if (stopping.drain) return liveChildren(tasks).map((child) => ({ kind: 'share_pause', execution: child }));
  const { grace } = (await ctx.getWorkflow(owner)).index.plan;
  await ctx.durable();
  const live = tasks.flatMap(({ path, attempt }) => (attempt ? [{ path, attempt: attempt.number }] : []));
  await Promise.all(
    live.map((scope) => {
      const handle = signHandle(ctx.handleSecret, { tenant: ctx.tenant, execution, ...scope });
      return ctx.agents.cancel(handle, `the execution is stopping (${stopping.reason})`, grace * 1000);
    }),
  );
  return liveChildren(tasks).map((child) => ({ kind: 'stop', execution: child, by: execution }));
}

/**
 * One failed token is enough: no state catches ExecutionStopping but the one around all tasks. A dead token is normal; with
 * no live one the machine is between two states, and its next dispatch is rejected.
 */
export async function rejectOneToken(ctx: EngineContext, id: ExecutionId): Promise<void> {
  for (const { token, status } of await ctx.ledger.listTasks(id)) {
    if (token === undefined || isSettled(status)) continue;
    if (await ctx.tokens.fail(token, 'ExecutionStopping', '')) return;
  }
}
