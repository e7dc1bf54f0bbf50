import { containerOf, isSettled, type ExecutionRecord, type TaskRecord } from '../core/execution/index.ts';
import type { TaskPath } from '../core/ids/index.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';

interface Place {
  readonly execution: ExecutionRecord;
  readonly workflow: LoadedWorkflow;
}

/**
 * The nearest settled container around a container. One inside of a container that never opened is never asked itself, so those who
 * come to it have to look further out.
 */
export async function closedAround(
  ctx: EngineContext,
  { execution, workflow: { index } }: Place,
  container: TaskPath,
): Promise<TaskRecord | undefined> {
  let path = containerOf(container, index.taskAt(container));
  while (path !== undefined) {
    const record = await ctx.ledger.findTask(execution.id, path);
    if (record && isSettled(record.status)) return record;
    path = containerOf(path, index.taskAt(path));
  }
  return undefined;
}
