import { signHandle } from '../core/agents/index.ts';
import { advanceExecution, type ExecutionRecord, type TaskRecord } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { PlannedTask } from '../core/plan/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';
import { executionWrites } from './writes.ts';

interface Failing {
  readonly execution: ExecutionRecord;
  readonly workflow: LoadedWorkflow;
  readonly planned: PlannedTask;
}

/**
 * The writes by which a task's failure stops its execution; none where it may fail alone, where the others go on, or where the
 * execution is stopping already. They belong into the commit of the failure: there is no moment in which a failed
 * task's execution still starts something.
 */
export function stopForFailure(
  { execution, workflow, planned }: Failing,
  failed: TaskRecord,
  now: number,
): readonly LedgerWrite[] {
  const { onFailure } = workflow.index.plan;
  if (planned.continueOnFailure || onFailure === 'continue' || execution.status === 'stopping') return [];
  const drain = onFailure === 'drain';
  return executionWrites(
    advanceExecution(
      execution,
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

/** Tells every agent that works for a stopping execution to stop, unless it drains. Best effort: they may still answer. */
export async function signalAgents(ctx: EngineContext, execution: ExecutionId): Promise<void> {
  const { stopping } = await ctx.getExecution(execution);
  if (!stopping || stopping.drain) return;
  const tasks = await ctx.ledger.listTasks(execution);
  const live = tasks.flatMap(({ path, attempt }) => (attempt ? [{ path, attempt: attempt.number }] : []));
  await Promise.all(
    live.map((scope) => {
      const handle = signHandle(ctx.handleSecret, { tenant: ctx.tenant, execution, ...scope });
      return ctx.agents.cancel(handle, `the execution is stopping (${stopping.reason})`);
    }),
  );
}
