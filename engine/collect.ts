import {
  collectCalls,
  collectItems,
  collectMembers,
  forEachOf,
  isExhausted,
  isSettled,
  isStopped,
  membersOf,
  untouchedTask,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { iterateOrSettle } from './loop-iteration.ts';
import { settleContainer, type Members } from './settle-container.ts';
import { untilCommitted } from './until-committed.ts';

/**
 * Settles a container whose last member has settled, or opens a loop's next iteration. Whoever settles a member asks; the
 * condition of the write lets one through.
 */
export async function collect(ctx: EngineContext, execution: ExecutionId, container: TaskPath): Promise<FollowUps> {
  return untilCommitted(`Collection of ${container}`, async () => {
    const owner = await ctx.getExecution(execution);
    const workflow = await ctx.getWorkflow(owner);
    const planned = workflow.index.taskAt(container);
    const record = (await ctx.ledger.findTask(execution, container)) ?? untouchedTask(execution, container);
    if (isSettled(record.status)) return [];
    const forEach = forEachOf(planned);
    // Before its calls are listed: each of them asks, and to list them each time would cost the square of their number.
    if (forEach && record.calls && !isExhausted(forEach, record.calls, isStopped(owner.status))) return [];
    const paths = membersOf(container, planned, record);
    if (!paths) return [];
    const settling = { execution: owner, workflow, planned, record };
    const members = await findSettled(ctx, execution, paths);
    if (!members) return [];
    if (forEach && record.calls)
      return settleContainer(ctx, settling, members, collectCalls(forEach, record.calls, members));
    const collection = planned.kind === 'agent' ? collectItems(members) : collectMembers(members, workflow.index);
    if (!collection) return [];
    if (planned.kind === 'loop') return iterateOrSettle(ctx, { ...settling, planned }, members, collection);
    return settleContainer(ctx, settling, members, collection);
  });
}

/** Read in pieces: while a member is open, which is nearly always, only the pieces before it are read. */
const PIECE = 64;

async function findSettled(
  ctx: EngineContext,
  execution: ExecutionId,
  paths: readonly TaskPath[],
): Promise<Members | undefined> {
  const found: (TaskRecord | undefined)[] = [];
  for (let from = 0; from < paths.length; from += PIECE) {
    const piece = await ctx.ledger.findTasks(execution, paths.slice(from, from + PIECE));
    if (piece.some((record) => !record || !isSettled(record.status))) return undefined;
    for (const record of piece) found.push(record);
  }
  return found;
}
