import { advanceTask, itemPathsOf, type CallCounts, type TaskRecord } from '../core/execution/index.ts';
import { itemPath, iterationOf, memberPath, type TaskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { ForEach, GroupTask, LoopTask } from '../core/plan/index.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';
import type { FollowUp, FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { failWithoutAttempt } from './settle-without-attempt.ts';
import { AGAIN } from './until-committed.ts';
import { cleared, leaveParking, taskWrites } from './writes.ts';

type Result = Promise<FollowUps | typeof AGAIN>;

/**
 * Lets the members of a group, or of a loop's first iteration, run. `reached`: the machine is at its states, and brings the members; else
 * those that wait for nothing else are admitted now, so that they start when the graph says and not when the machine comes.
 */
export async function openRegion(
  ctx: EngineContext,
  look: Look,
  planned: GroupTask | LoopTask,
  reached: boolean,
): Result {
  const round = planned.kind === 'loop' ? { round: 0 } : {};
  const opened = await open(ctx, look, round, round);
  if (!opened) return AGAIN;
  const region = planned.kind === 'loop' ? iterationOf(opened.path, 0) : opened.path;
  return [
    ...(await wakeMembers(ctx, opened)),
    ...(reached ? [] : entryMembers(look.workflow, planned, { execution: opened.execution, region })),
  ];
}

/** Freezes the items and starts as many calls as may run at once. */
export async function openCalls(ctx: EngineContext, look: Look, forEach: ForEach, items: Json): Result {
  if (!Array.isArray(items)) {
    const message = `\`items\` is no list: ${JSON.stringify(items).slice(0, 100)}`;
    return failWithoutAttempt(ctx, look, { name: 'InvalidInput', message });
  }
  if (items.length > forEach.maxItems) {
    const message = `There are ${items.length} items, and \`max_items\` is ${forEach.maxItems}`;
    return failWithoutAttempt(ctx, look, { name: 'InvalidInput', message });
  }
  const count = items.length;
  const calls = Math.ceil(count / (forEach.batch ?? 1));
  const started = Math.min(calls, forEach.maxConcurrency);
  const counts: CallCounts = { items: await ctx.store(items), count, calls, started, settled: 0, failed: 0 };
  const opened = await open(ctx, look, { calls: counts }, { items: count, calls });
  if (!opened) return AGAIN;
  const { execution, path } = opened;
  if (calls === 0) return [{ kind: 'collect', execution, container: path }];
  return startedCalls(opened);
}

/** Every call that has been started, to be admitted: one that is settled or runs already stays as it is. */
export function startedCalls({ execution, path, calls }: TaskRecord): readonly FollowUp[] {
  return Array.from({ length: calls?.started ?? 0 }, (_, call) => ({
    kind: 'admit',
    execution,
    path: itemPath(path, call),
    resumed: true,
  }));
}

/** Members of a region that depend on none of the others. */
export function entryMembers(
  { index }: LoadedWorkflow,
  { region: { members } }: GroupTask | LoopTask,
  { execution, region }: { readonly execution: TaskRecord['execution']; readonly region: string },
): readonly FollowUp[] {
  const paths = members.map((id) => memberPath(region, id));
  const entries = paths.filter((path) => index.taskAt(path).dependsOn.length === 0);
  return entries
    .flatMap((path) => {
      const items = itemPathsOf(path, index.taskAt(path));
      return items.length > 0 ? items : [path];
    })
    .map((path) => ({ kind: 'admit', execution, path }));
}

async function open(
  ctx: EngineContext,
  look: Look,
  change: Partial<TaskRecord>,
  data: { readonly round?: number; readonly items?: number; readonly calls?: number },
): Promise<TaskRecord | undefined> {
  const { record, token, after } = look;
  const advanced = advanceTask(
    record,
    (task) => ({ ...cleared(task), ...change, status: 'running', ...(token !== undefined && { token }) }),
    [{ type: 'task.opened', data }],
    { now: ctx.clock.now(), after },
  );
  return (await ctx.commit([...taskWrites(advanced), ...leaveParking(record)])) ? advanced.record : undefined;
}

/** Members that came before the container had opened. Others watch it as well: those wait for its end. */
async function wakeMembers(ctx: EngineContext, { execution, path }: TaskRecord): Promise<readonly FollowUp[]> {
  const watches = await ctx.ledger.listWatches(execution, path);
  const isMember = (consumer: TaskPath) => consumer.startsWith(`${path}/`) || consumer.startsWith(`${path}[`);
  return watches
    .filter(({ consumer }) => isMember(consumer))
    .map(({ consumer }) => ({ kind: 'admit', execution, path: consumer }));
}
