import { ConflictError } from '../core/errors/index.ts';
import {
  advanceExecution,
  checkpointIdOf,
  type ExecutionRecord,
  type Pause,
  type Recovery,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { CheckpointId, ExecutionId } from '../core/ids/index.ts';
import { withCheckpoint } from './checkpoint.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { liveChildren } from './live-children.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { executionWrites } from './writes.ts';

/** Who pauses, and what for. */
export interface PauseRequest {
  readonly by: string;
  readonly reason?: string;
}

export interface Paused {
  readonly checkpointId: CheckpointId;
}

/**
 * Moves an execution to `paused`: from this write on nothing of it is dispatched, while what runs may finish. Then it makes the checkpoint.
 * Pausing one that is paused answers its checkpoint; throws ConflictError (`cannot_pause`) in any other status than `running`.
 */
export async function pause(
  ctx: EngineContext,
  id: ExecutionId,
  { by, reason }: PauseRequest,
): Promise<Paused & { readonly followUps: FollowUps }> {
  const paused = await untilCommitted(`Pause of ${id}`, async () => {
    const execution = await ctx.getExecution(id);
    if (execution.paused) return execution.paused;
    if (execution.status !== 'running') throw cannotPause(execution);
    const now = ctx.clock.now();
    const why = reason === undefined ? {} : { why: reason };
    const begun: Pause = { by, ...why, at: now, checkpoint: checkpointIdOf(id, execution.events + 1) };
    const advanced = advanceExecution(
      execution,
      { status: 'paused', paused: begun },
      [{ type: 'workflow.status_changed', data: { from: 'running', to: 'paused', by, ...why } }],
      { now },
    );
    return (await ctx.commit(executionWrites(advanced))) ? begun : AGAIN;
  });
  const followUps = await completePause(ctx, id);
  const { checkpoint } = paused;
  const now = await ctx.getExecution(id);
  if (now.paused?.checkpoint !== checkpoint) throw overtaken(now);
  return { checkpointId: checkpoint, followUps };
}

/**
 * What follows from the status `paused`, as often as it is asked for: the checkpoint, and the pause of the children. The tasks are read after
 * the pause was written, so every attempt that has escaped it stands among them, and the checkpoint's clock is above its own.
 */
export async function completePause(ctx: EngineContext, id: ExecutionId): Promise<FollowUps> {
  return untilCommitted(`Checkpoint of ${id}`, async () => {
    const execution = await ctx.getExecution(id);
    const { paused } = execution;
    if (!paused) return [];
    const tasks = await ctx.ledger.listTasks(id);
    if (paused.isRecorded !== true && !(await commitCheckpoint(ctx, execution, { paused, tasks }))) return AGAIN;
    return liveChildren(tasks).map((child) => ({ kind: 'share_pause', execution: child }) as const);
  });
}

interface Halted {
  readonly paused: Pause;
  readonly tasks: readonly TaskRecord[];
}

async function commitCheckpoint(
  ctx: EngineContext,
  execution: ExecutionRecord,
  { paused, tasks }: Halted,
): Promise<boolean> {
  const advanced = await withCheckpoint(ctx, execution, {
    checkpoint: paused.checkpoint,
    by: paused.by,
    recovery: recoveryOf(ctx, execution.id),
    tasks,
    change: { paused: { ...paused, isRecorded: true } },
  });
  return ctx.commit(executionWrites(advanced));
}

function recoveryOf({ resumeUrl }: EngineContext, id: ExecutionId): Recovery {
  return {
    text: 'Nothing is dispatched until somebody resumes the execution; what has settled stays settled, and what runs may finish.',
    command: `skein resume ${id}`,
    ...(resumeUrl && { url: resumeUrl(id) }),
  };
}

/** Somebody was faster than the checkpoint. */
function overtaken({ id, status }: ExecutionRecord): ConflictError {
  return new ConflictError({
    code: 'cannot_pause',
    message: `Execution ${id} is ${status} again: somebody has resumed or stopped it meanwhile.`,
    hint: `See \`skein status ${id}\`.`,
  });
}

function cannotPause({ id, status }: ExecutionRecord): ConflictError {
  return new ConflictError({
    code: 'cannot_pause',
    message: `Execution ${id} cannot be paused: it is ${status}, and only a running one can.`,
    hint: `See \`skein status ${id}\`.`,
  });
}
