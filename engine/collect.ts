import {
  advanceTask,
  collectItems,
  isSettled,
  itemPathsOf,
  untouchedTask,
  type Collection,
  type EventBody,
  type StoredValue,
} from '../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import { afterSettlement } from './after-settlement.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { taskWrites } from './writes.ts';

/** Settles a fan-out whose last item has settled. Whoever settles an item asks; the condition of the write lets one through. */
export async function collect(ctx: EngineContext, execution: ExecutionId, container: TaskPath): Promise<FollowUps> {
  return untilCommitted(`Collection of ${container}`, async () => {
    const { index } = await ctx.getWorkflow(await ctx.getExecution(execution));
    const items = await ctx.ledger.findTasks(execution, itemPathsOf(index.taskAt(container)));
    const collection = collectItems(items);
    const record = (await ctx.ledger.findTask(execution, container)) ?? untouchedTask(execution, container);
    if (!collection || isSettled(record.status)) return [];
    const output = await ctx.store(await Promise.all(collection.outputs.map((value) => loadOrNull(ctx, value))));
    const reached = items.some((item) => item?.token !== undefined);
    const now = ctx.clock.now();
    const { status, error, why } = collection;
    const keepsOutput = status === 'succeeded' || status === 'failed';
    const advanced = advanceTask(
      record,
      (task) => ({
        ...task,
        status,
        ...(keepsOutput && { output }),
        settledAt: now,
        ...(error && { error }),
        ...(why !== undefined && { why }),
      }),
      [settlingEvent(collection, output)],
      { now, after: collection.lamport },
    );
    return (await ctx.commit(taskWrites(advanced))) ? afterSettlement(ctx, advanced.record, reached) : AGAIN;
  });
}

async function loadOrNull(ctx: EngineContext, value: StoredValue | undefined): Promise<Json> {
  return value ? ctx.load(value) : null;
}

/** A fan-out makes no attempts of its own: 0. */
function settlingEvent({ status, error, why }: Collection, output: StoredValue): EventBody {
  switch (status) {
    case 'succeeded':
      return { type: 'task.completed', data: { attempts: 0, output } };
    case 'failed':
      return {
        type: 'task.failed',
        data: { attempts: 0, error: error ?? { name: 'AgentFailure', message: 'An item failed.' } },
      };
    case 'skipped':
    case 'upstream_failed':
      return { type: 'task.skipped', data: { status, why: why ?? 'all its items were skipped' } };
    case 'cancelled':
    case 'unknown':
      return { type: 'task.cancelled', data: { status, attempts: 0 } };
  }
}
