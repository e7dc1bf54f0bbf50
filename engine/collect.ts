import type { TaskError } from '../core/agents/index.ts';
import { evaluateCondition, ExpressionError } from '../core/expressions/index.ts';
import {
  advanceTask,
  collectCalls,
  collectItems,
  collectMembers,
  forEachOf,
  isExhausted,
  isSettled,
  isStopped,
  membersOf,
  untouchedTask,
  type Collection,
  type EventBody,
  type StoredValue,
  type TaskRecord,
} from '../core/execution/index.ts';
import { iterationOf, taskIdOf, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { LoopTask } from '../core/plan/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { entryMembers } from './open-container.ts';
import { scopeOf } from './scope.ts';
import { settleNow, type Settling } from './settlement.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { taskWrites } from './writes.ts';

type Members = readonly (TaskRecord | undefined)[];

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
    const paths = membersOf(container, planned, record);
    if (!paths || isSettled(record.status)) return [];
    const settling = { execution: owner, workflow, planned, record };
    const forEach = forEachOf(planned);
    if (forEach && record.calls && !isExhausted(forEach, record.calls, isStopped(owner.status))) return [];
    const members = await findSettled(ctx, execution, paths);
    if (!members) return [];
    if (forEach && record.calls) return settle(ctx, settling, members, collectCalls(forEach, record.calls, members));
    const collection = planned.kind === 'agent' ? collectItems(members) : collectMembers(members, workflow.index);
    if (!collection) return [];
    if (planned.kind === 'loop') return iterateOrSettle(ctx, { ...settling, planned }, members, collection);
    return settle(ctx, settling, members, collection);
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

type Result = Promise<FollowUps | typeof AGAIN>;
type SettlingLoop = Settling & { readonly planned: LoopTask };

/** What an iteration that has settled means for its loop. */
async function iterateOrSettle(
  ctx: EngineContext,
  settling: SettlingLoop,
  members: Members,
  collection: Collection,
): Result {
  const { planned, record, execution } = settling;
  const end = (ending: Partial<Collection>) => settle(ctx, settling, members, { ...collection, ...ending });
  if (collection.status !== 'succeeded') return end({});
  const verdict = await isDone(ctx, settling);
  if (typeof verdict === 'object') return end({ status: 'failed', error: verdict });
  if (verdict) return end({});
  const round = (record.round ?? 0) + 1;
  if (round >= planned.maxIterations) return end(exhausted(planned));
  if (isStopped(execution.status)) return end({ status: 'cancelled' });
  return openIteration(ctx, settling, { round, after: collection.lamport });
}

function exhausted({ onExhausted, maxIterations, until }: LoopTask): Partial<Collection> {
  if (onExhausted === 'continue' || until === undefined) return {};
  const message = `After ${maxIterations} iterations it still does not hold: ${until}`;
  return { status: 'failed', error: { name: 'LoopExhausted', message } };
}

/** Whether `until` holds after the present iteration; an error when it cannot be told. */
async function isDone(
  ctx: EngineContext,
  { execution, workflow, planned, record }: SettlingLoop,
): Promise<boolean | TaskError> {
  if (planned.until === undefined) return false;
  const region = iterationOf(record.path, record.round ?? 0);
  const scope = await scopeOf(ctx, { execution, workflow, region }, `\${${planned.until}}`);
  try {
    return evaluateCondition(planned.until, scope);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { name: 'InvalidInput', message: error.message };
  }
}

/** The state that asked goes back to the first task; without one the machine has not come so far, and the tasks are admitted. */
async function openIteration(
  ctx: EngineContext,
  { record, workflow, planned }: SettlingLoop,
  { round, after }: { readonly round: number; readonly after: number },
): Result {
  const { execution, path, token } = record;
  const advanced = advanceTask(
    record,
    ({ token: answered, ...task }) => ({ ...task, round }),
    [{ type: 'task.opened', data: { round } }],
    { now: ctx.clock.now(), after },
  );
  if (!(await ctx.commit(taskWrites(advanced)))) return AGAIN;
  if (token === undefined) return entryMembers(workflow, planned, { execution, region: iterationOf(path, round) });
  return [{ kind: 'iterate', token }];
}

async function settle(ctx: EngineContext, settling: Settling, members: Members, collection: Collection): Result {
  const { planned, record } = settling;
  const { status, error, why, lamport } = collection;
  const keepsOutput = status === 'succeeded' || status === 'failed';
  const output = keepsOutput ? await outputOf(ctx, settling, members) : undefined;
  // Groups have no state of their own, and neither have the fan-outs of agents: there the members' states tell.
  const isAsked = planned.kind === 'loop' || record.calls !== undefined;
  const reached = isAsked ? record.token !== undefined : members.some((member) => member?.token !== undefined);
  return settleNow(
    ctx,
    { ...settling, after: lamport },
    {
      change: {
        status,
        ...(output && { output }),
        ...(error && { error }),
        ...(why !== undefined && { why }),
      },
      event: settlingEvent(collection, output),
      reached,
    },
  );
}

/** Of a group or a loop an object by the members' ids, else a list in order; null where a member has no output. */
async function outputOf(ctx: EngineContext, { planned, record }: Settling, members: Members): Promise<StoredValue> {
  const values = await Promise.all(members.map(async (member) => (member?.output ? ctx.load(member.output) : null)));
  if (planned.kind === 'group' || planned.kind === 'loop') {
    const named = members.map((member, i) => [member ? taskIdOf(member.path) : '', values[i] ?? null] as const);
    return ctx.store(Object.fromEntries(named));
  }
  const missing = (record.calls?.calls ?? 0) - values.length;
  return ctx.store([...values, ...Array.from({ length: Math.max(0, missing) }, (): Json => null)]);
}

/** A container makes no attempts of its own: 0. */
function settlingEvent({ status, error, why }: Collection, output: StoredValue | undefined): EventBody {
  switch (status) {
    case 'succeeded':
      return { type: 'task.completed', data: { attempts: 0, output: output ?? { inline: null } } };
    case 'failed':
      return {
        type: 'task.failed',
        data: { attempts: 0, error: error ?? { name: 'AgentFailure', message: 'A task in it failed.' } },
      };
    case 'skipped':
    case 'upstream_failed':
      return { type: 'task.skipped', data: { status, why: why ?? 'all its tasks were skipped' } };
    case 'cancelled':
    case 'unknown':
      return { type: 'task.cancelled', data: { status, attempts: 0 } };
  }
}
