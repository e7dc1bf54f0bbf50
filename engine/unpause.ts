import { ConflictError } from '../core/errors/index.ts';
import {
  advanceExecution,
  isStopped,
  liftPause,
  type ExecutionRecord,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { liveChildren } from './live-children.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { executionWrites } from './writes.ts';

/**
 * Ends a pause: the execution's deadline moves by the time for which it held, and whatever was kept back is woken. Nothing to do for an
 * execution that goes on. Throws ConflictError: `execution_stopped`, and `parent_paused` for a child that shares its parent's pause.
 */
export async function unpause(ctx: EngineContext, id: ExecutionId, by: string): Promise<FollowUps> {
  const resumed = await untilCommitted(`End of the pause of ${id}`, async () => {
    const execution = await ctx.getExecution(id);
    if (isStopped(execution.status)) throw stopped(execution);
    if (!execution.paused) return undefined;
    await refuseShared(ctx, execution);
    const now = ctx.clock.now();
    const advanced = advanceExecution(
      liftPause(execution, now),
      { status: 'running' },
      [{ type: 'workflow.status_changed', data: { from: 'paused', to: 'running', by } }],
      { now },
    );
    return (await ctx.commit(executionWrites(advanced))) ? advanced.record : AGAIN;
  });
  if (!resumed) return [];
  // One that fires for the deadline before finds that it has moved.
  await ctx.timers.schedule({ kind: 'execution_timeout', execution: id }, resumed.deadline);
  const tasks = await ctx.ledger.listTasks(id);
  return [
    ...keptBack(tasks),
    ...liveChildren(tasks).map((child) => ({ kind: 'share_pause', execution: child }) as const),
    { kind: 'conclude', execution: id },
  ];
}

/** Those that were not dispatched, first come, first woken; and attempts whose call had died with its process and was not made again. */
function keptBack(tasks: readonly TaskRecord[]): FollowUps {
  const parked = tasks
    .flatMap(({ execution, path, cause }) => (cause?.kind === 'pause' ? [{ execution, path, at: cause.at }] : []))
    .sort((a, b) => a.at - b.at || (a.path < b.path ? -1 : 1));
  const live = tasks.filter(({ attempt }) => attempt !== undefined);
  return [
    ...parked.map(({ execution, path }) => ({ kind: 'admit', execution, path }) as const),
    ...live.map(({ execution, path }) => ({ kind: 'admit', execution, path, resumed: true }) as const),
  ];
}

async function refuseShared(ctx: EngineContext, { id, paused, parent }: ExecutionRecord): Promise<void> {
  if (!parent || paused?.by !== parent.execution) return;
  if ((await ctx.getExecution(parent.execution)).status !== 'paused') return;
  throw new ConflictError({
    code: 'parent_paused',
    message: `Execution ${id} is paused with its parent ${parent.execution}.`,
    hint: `\`skein resume ${parent.execution}\` resumes both.`,
  });
}

function stopped({ id, status }: ExecutionRecord): ConflictError {
  return new ConflictError({
    code: 'execution_stopped',
    message: `Execution ${id} cannot go on: it is ${status}.`,
    hint: `See \`skein status ${id}\`.`,
  });
}
