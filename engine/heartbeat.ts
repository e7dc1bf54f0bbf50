import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { EngineContext } from './engine-context.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

/** False when the attempt is not live any more. */
export async function heartbeat(
  ctx: EngineContext,
  execution: ExecutionId,
  path: TaskPath,
  attempt: number,
): Promise<boolean> {
  const { index } = await ctx.getWorkflow(await ctx.getExecution(execution));
  const seconds = index.agentAt(path).heartbeat;
  return untilCommitted(`Heartbeat of ${path}`, async () => {
    const record = await ctx.ledger.findTask(execution, path);
    if (record?.attempt?.number !== attempt) return false;
    const now = ctx.clock.now();
    // Nobody asks for this task's signs of life. Where somebody does, each is written: an attempt must never be lost early.
    if (seconds === undefined) return true;
    const beaten = { ...record, attempt: { ...record.attempt, heartbeatAt: now }, revision: record.revision + 1 };
    return (await ctx.commit([{ kind: 'task', record: beaten }])) || AGAIN;
  });
}
