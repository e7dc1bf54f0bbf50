import {
  advanceExecution,
  isSettled,
  type Advanced,
  type CheckpointSnapshot,
  type ExecutionRecord,
  type Recovery,
  type SettledTaskRecord,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { CheckpointId, TaskPath } from '../core/ids/index.ts';
import type { EngineContext } from './engine-context.ts';

export interface NewCheckpoint {
  readonly checkpoint: CheckpointId;
  /** Of a pause: who has paused. */
  readonly by?: string;
  /** Of a `checkpoint_after`. */
  readonly task?: TaskPath;
  readonly recovery: Recovery;
  /** All of the execution, read after whatever the checkpoint is made for. */
  readonly tasks: readonly TaskRecord[];
  /** What becomes of the execution besides. */
  readonly change?: Partial<ExecutionRecord>;
}

/** The execution with the event of a checkpoint, whose clock is above that of everything it knows of. */
export async function withCheckpoint(
  ctx: EngineContext,
  execution: ExecutionRecord,
  { checkpoint, by, task, recovery, tasks, change = {} }: NewCheckpoint,
): Promise<Advanced<ExecutionRecord>> {
  const settled = tasks.filter(hasSettled).sort((a, b) => a.lamport - b.lamport || (a.path < b.path ? -1 : 1));
  const snapshot: CheckpointSnapshot = {
    tasks: settled.map(({ path, status, output }) => ({ path, status, ...(output && { output }) })),
  };
  const data = {
    checkpoint,
    ...(by !== undefined && { by }),
    ...(task !== undefined && { task }),
    snapshot: await ctx.store(snapshot),
    settled: settled.length,
    recovery,
  };
  return advanceExecution(execution, change, [{ type: 'workflow.checkpoint_created', data }], {
    now: ctx.clock.now(),
    after: tasks.reduce((highest, { lamport }) => Math.max(highest, lamport), 0),
  });
}

function hasSettled(record: TaskRecord): record is SettledTaskRecord {
  return isSettled(record.status);
}
