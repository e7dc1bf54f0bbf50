import { itemPathsOf, limitKey, MAX_PARALLEL, type ExecutionRecord, type TaskRecord } from '../core/execution/index.ts';
import { parseItemPath, taskPath, type TaskPath } from '../core/ids/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUp, FollowUps } from './follow-up.ts';

/** What a settled task sets in motion, in this order: its fan-out, those who watched it, who may run now, its own state. */
export async function afterSettlement(ctx: EngineContext, record: TaskRecord): Promise<FollowUps> {
  const { execution, path, token } = record;
  const container = parseItemPath(path)?.container;
  // Read after the commit: conclude puts its token, then reads the live attempts, so one of the two sees the other.
  const owner = await ctx.getExecution(execution);
  return [
    ...(container === undefined ? [] : [{ kind: 'collect', execution, container } as const]),
    ...(await wakeDependents(ctx, record, owner)),
    ...(await wakeQueue(ctx, owner)),
    ...(token === undefined ? [] : [{ kind: 'answer', execution, path, token } as const]),
    ...(owner.concludeToken === undefined ? [] : [{ kind: 'conclude', execution } as const]),
  ];
}

/**
 * Those who watch, which is what makes sure that nobody is forgotten. After a failure also everybody who waits for this task: a
 * failure can decide a join at once, and who waits for many producers watches only one of them.
 */
async function wakeDependents(
  ctx: EngineContext,
  { execution, path, status }: TaskRecord,
  owner: ExecutionRecord,
): Promise<readonly FollowUp[]> {
  const watching = (await ctx.ledger.listWatches(execution, path)).map((watch) => watch.consumer);
  const failed = status === 'failed' || status === 'upstream_failed';
  const waiting = failed ? await findParked(ctx, owner, path) : [];
  return [...new Set([...watching, ...waiting])].map((consumer) => ({ kind: 'admit', execution, path: consumer }));
}

async function findParked(ctx: EngineContext, owner: ExecutionRecord, path: TaskPath): Promise<readonly TaskPath[]> {
  const { index } = await ctx.getWorkflow(owner);
  const consumers = index.dependentsOf(path).flatMap((id) => {
    const items = itemPathsOf(index.taskAt(taskPath(id)));
    return items.length > 0 ? items : [taskPath(id)];
  });
  const records = await ctx.ledger.findTasks(owner.id, consumers);
  return consumers.filter((_, i) => records[i]?.cause?.kind === 'dependency');
}

/**
 * As many of the queue as there are free places, not only one for the place that was given back: two that give theirs back
 * at once would otherwise both wake the same task.
 */
export async function wakeQueue(ctx: EngineContext, owner: ExecutionRecord): Promise<readonly FollowUp[]> {
  const execution = owner.id;
  const held = await ctx.ledger.findLimit(execution, MAX_PARALLEL);
  if (!held) return [];
  const { index } = await ctx.getWorkflow(owner);
  const free = (index.plan.maxParallel ?? 0) - held.holders.length;
  const queue = free > 0 ? await ctx.ledger.listParked(limitKey(execution), free) : [];
  return queue.map((entry) => ({ kind: 'admit', execution, path: entry.path }));
}
