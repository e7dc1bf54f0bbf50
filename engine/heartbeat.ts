import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { EngineContext } from './engine-context.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

/** A sign of life is written only after this share of the heartbeat has passed: agents may send as many as they like. */
const WRITTEN_AFTER = 1 / 4;

/** False when the attempt is not live any more. */
export async function heartbeat(
  ctx: EngineContext,
  execution: ExecutionId,
  path: TaskPath,
  attempt: number,
): Promise<boolean> {
  const { index } = await ctx.getWorkflow(await ctx.getExecution(execution));
  const seconds = index.taskAt(path).heartbeat;
  return untilCommitted(`Heartbeat of ${path}`, async () => {
    const record = await ctx.ledger.findTask(execution, path);
    if (record?.attempt?.number !== attempt) return false;
    const now = ctx.clock.now();
    if (seconds === undefined || now - record.attempt.heartbeatAt < seconds * 1000 * WRITTEN_AFTER) return true;
    const beaten = { ...record, attempt: { ...record.attempt, heartbeatAt: now }, revision: record.revision + 1 };
    return (await ctx.commit([{ kind: 'task', record: beaten }])) || AGAIN;
  });
}
