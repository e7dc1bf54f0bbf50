import { limitKey, itemPathsOf, type ExecutionRecord, type TaskRecord } from '../core/execution/index.ts';
import {
  memberPath,
  parseCompensationPath,
  parseItemPath,
  parseRegion,
  regionOf,
  taskIdOf,
  type TaskPath,
} from '../core/ids/index.ts';
import type { PlannedTask } from '../core/plan/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUp, FollowUps } from './follow-up.ts';
import { wakeForBudgets } from './gates/index.ts';
import { limitsOf } from './limits.ts';

/**
 * What a settled task sets in motion, in this order: its container, those who wait for it, who may run now, its own state.
 * `reached`: the machine has come to the task's state, and goes on from there to the next ones.
 */
export async function afterSettlement(
  ctx: EngineContext,
  record: TaskRecord,
  reached = record.token !== undefined,
): Promise<FollowUps> {
  const { execution, path, token } = record;
  const item = parseItemPath(path);
  const container = collectorOf(path);
  // Read after the commit: conclude puts its token, then reads the live attempts, so one of the two sees the other.
  const owner = await ctx.getExecution(execution);
  if (parseCompensationPath(path) !== undefined)
    return [...(await wakeQueues(ctx, owner, path)), { kind: 'conclude', execution }];
  return [
    ...(container === undefined ? [] : [{ kind: 'collect', execution, container } as const]),
    ...(item ? [] : await wakeDependents(ctx, owner, record, reached)),
    ...(await wakeQueues(ctx, owner, path)),
    ...(token === undefined ? [] : [{ kind: 'answer', execution, path, token } as const]),
    ...wakeConclude(owner),
  ];
}

/** The container that may have settled with this task: of an item its fan-out, of a member its group or loop. */
export function collectorOf(path: TaskPath): TaskPath | undefined {
  return parseItemPath(path)?.container ?? parseRegion(regionOf(path))?.container;
}

/** The machine's conclude state, when it waits, waits for live attempts: one less is news for it. */
export function wakeConclude({ id, concludeToken }: ExecutionRecord): FollowUps {
  return concludeToken === undefined ? [] : [{ kind: 'conclude', execution: id }];
}

/**
 * Those who watch are woken, always. The others are asked only where the machine cannot bring them in time: it enters a state when
 * everything before it has ended, while a failure, a first success or a quorum may decide a task earlier. A task decided
 * so has no token yet; the state gets the answer when the machine comes there.
 */
async function wakeDependents(
  ctx: EngineContext,
  owner: ExecutionRecord,
  { path, status }: TaskRecord,
  reached: boolean,
): Promise<readonly FollowUp[]> {
  const { index } = await ctx.getWorkflow(owner);
  const failed = status === 'failed' || status === 'upstream_failed';
  const isEager = ({ join }: PlannedTask) => join !== 'all_done' && join !== 'all_success' && join !== 'none_failed';
  const failsAtOnce = ({ join }: PlannedTask) => join === 'all_success' || join === 'none_failed';
  const dependents = index.dependentsOf(taskIdOf(path)).map((id) => memberPath(regionOf(path), id));
  const asked = dependents
    .map((consumer) => ({ consumer, task: index.taskAt(consumer) }))
    .filter(({ task }) => failed || !reached || isEager(task));
  const paths = asked.flatMap(({ consumer, task }) => {
    const items = itemPathsOf(consumer, task);
    return (items.length > 0 ? items : [consumer]).map((each) => ({ consumer: each, task }));
  });
  const records = await ctx.ledger.findTasks(
    owner.id,
    paths.map(({ consumer }) => consumer),
  );
  const waiting = paths.filter(({ task }, i) => {
    const record = records[i];
    return !record || (record.cause?.kind === 'dependency' && (isEager(task) || (failed && failsAtOnce(task))));
  });
  const watching = (await ctx.ledger.listWatches(owner.id, path)).map((watch) => watch.consumer);
  const woken = new Set([...watching, ...waiting.map(({ consumer }) => consumer)]);
  return [...woken].map((consumer) => ({ kind: 'admit', execution: owner.id, path: consumer }));
}

/**
 * Those who wait for room in a budget, and for each limit of the task: as many of its queue as there are free places, not only one for the place that was given back. Two that
 * give theirs back at once would otherwise both wake the same task.
 */
export async function wakeQueues(
  ctx: EngineContext,
  owner: ExecutionRecord,
  path: TaskPath,
): Promise<readonly FollowUp[]> {
  const { index } = await ctx.getWorkflow(owner);
  const execution = owner.id;
  const woken = await Promise.all(
    limitsOf(index, path).map(async ({ name, size }) => {
      const held = await ctx.ledger.findLimit(execution, name);
      const free = held ? size - held.holders.length : 0;
      const queue = free > 0 ? await ctx.ledger.listParked(limitKey(execution, name), free) : [];
      return queue.map((entry) => ({ kind: 'admit', execution, path: entry.path }) as const);
    }),
  );
  return [...woken.flat(), ...(await wakeForBudgets(ctx, owner))];
}
