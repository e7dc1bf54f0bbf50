import { ConflictError } from '../core/errors/index.ts';
import {
  advanceExecution,
  isTerminal,
  liftPause,
  liftQueue,
  type ExecutionRecord,
  type StopReason,
} from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { announceEnd } from './announce-end.ts';
import { endQueued, isOnlyQueued, leaveQueue } from './end-queued.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { rejectOneToken, signalStop } from './stop-for-failure.ts';
import { queuesBehind } from './turns.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { executionWrites } from './writes.ts';

export interface Stop {
  readonly reason: Exclude<StopReason, 'failure'>;
  readonly by?: string;
}

/**
 * Moves an execution to `stopping`: from this write on nothing new starts. One that is queued, and has no machine yet, ends at once. Stopping
 * one that stops already, or undoes what was done, changes nothing; throws ConflictError (`execution_ended`) for one that has ended.
 */
export async function stop(ctx: EngineContext, id: ExecutionId, { reason, by }: Stop): Promise<FollowUps> {
  const stopped = await untilCommitted(`Stop of ${id}`, async () => {
    const execution = await ctx.getExecution(id);
    if (isTerminal(execution.status)) throw ended(id, execution.status);
    if (execution.status === 'stopping' || execution.status === 'compensating') return execution;
    if (isOnlyQueued(execution)) return (await endQueued(ctx, execution, cancelled(by))) ?? AGAIN;
    const now = ctx.clock.now();
    const advanced = advanceExecution(
      lifted(execution, now),
      { status: 'stopping', stopping: { reason, drain: false, at: now, ...(by !== undefined && { by }) } },
      [{ type: 'workflow.status_changed', data: { from: execution.status, to: 'stopping', reason } }],
      { now },
    );
    return (await ctx.commit([...executionWrites(advanced), ...leaveQueue(execution)])) ? advanced.record : AGAIN;
  });
  if (isTerminal(stopped.status)) return announceEnd(ctx, stopped);
  // Nothing goes forward any more, and what undoes cannot be cancelled.
  if (stopped.status === 'compensating') return [];
  const followUps = await signalStop(ctx, id);
  await rejectOneToken(ctx, id);
  // It may have stood in the way of others.
  const behind = queuesBehind(stopped).map((queue) => ({ kind: 'let_in', queue }) as const);
  return [...followUps, ...behind, { kind: 'conclude', execution: id }];
}

function lifted(execution: ExecutionRecord, now: number): ExecutionRecord {
  return execution.turn?.queued ? liftQueue(execution, now) : liftPause(execution, now);
}

function cancelled(by: string | undefined) {
  const message = by === undefined ? 'Cancelled.' : `Cancelled by ${by}.`;
  return { status: 'cancelled', error: { name: 'Cancelled', message } } as const;
}

/** A child of a stopping execution; one that has ended meanwhile stays as it ended. */
export async function stopChild(ctx: EngineContext, child: ExecutionId, parent: ExecutionId): Promise<FollowUps> {
  const record = await ctx.ledger.findExecution(child);
  if (!record || isTerminal(record.status)) return [];
  try {
    return await stop(ctx, child, { reason: 'cancel', by: parent });
  } catch (error) {
    if (error instanceof ConflictError && error.code === 'execution_ended') return [];
    throw error;
  }
}

function ended(id: ExecutionId, status: string): ConflictError {
  return new ConflictError({
    code: 'execution_ended',
    message: `Execution ${id} has already ended: ${status}.`,
    hint: `See \`skein status ${id}\`.`,
  });
}
