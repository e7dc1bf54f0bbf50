import type { TaskError } from '../core/agents/index.ts';
import {
  advanceExecution,
  liftQueue,
  type ExecutionRecord,
  type TerminalExecutionStatus,
} from '../core/execution/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import type { EngineContext } from './engine-context.ts';
import { executionWrites } from './writes.ts';

export interface QueuedEnding {
  readonly status: TerminalExecutionStatus;
  readonly error: TaskError;
}

/** It waits for its turn, and no machine of it runs: nothing has to be stopped, and nobody else would end it. */
export function isOnlyQueued({ status, turn }: ExecutionRecord): boolean {
  return status === 'queued' && turn?.begun !== true;
}

/** Ends an execution that has never begun, in one commit. Undefined: it has changed meanwhile, look again. */
export async function endQueued(
  ctx: EngineContext,
  record: ExecutionRecord,
  ending: QueuedEnding,
): Promise<ExecutionRecord | undefined> {
  const now = ctx.clock.now();
  const advanced = advanceExecution(
    liftQueue(record, now),
    { ...ending, endedAt: now },
    [{ type: 'workflow.execution_completed', data: { ...ending } }],
    { now },
  );
  const committed = await ctx.commit([...executionWrites(advanced), ...leaveQueue(record)]);
  return committed ? advanced.record : undefined;
}

/** Takes it out of the queue in which it waits. */
export function leaveQueue({ turn }: ExecutionRecord): readonly LedgerWrite[] {
  return turn?.queued ? [{ kind: 'unpark', entry: turn.queued.entry }] : [];
}
