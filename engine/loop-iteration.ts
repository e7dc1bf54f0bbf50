import type { TaskError } from '../core/agents/index.ts';
import { advanceTask, isStopped, type Collection } from '../core/execution/index.ts';
import { evaluateCondition, ExpressionError } from '../core/expressions/index.ts';
import { iterationOf } from '../core/ids/index.ts';
import type { LoopTask } from '../core/plan/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { entryMembers } from './open-container.ts';
import { scopeOf } from './scope.ts';
import { settleContainer, type Members } from './settle-container.ts';
import type { Settling } from './settlement.ts';
import { AGAIN } from './until-committed.ts';
import { taskWrites } from './writes.ts';

type Result = Promise<FollowUps | typeof AGAIN>;
type SettlingLoop = Settling & { readonly planned: LoopTask };

/** What an iteration that has settled means for its loop. */
export async function iterateOrSettle(
  ctx: EngineContext,
  settling: SettlingLoop,
  members: Members,
  collection: Collection,
): Result {
  const { planned, record, execution } = settling;
  const end = (ending: Partial<Collection>) => settleContainer(ctx, settling, members, { ...collection, ...ending });
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
    ({ token: asked, iterated, ...task }) => ({ ...task, round, ...(asked !== undefined && { iterated: asked }) }),
    [{ type: 'task.opened', data: { round } }],
    { now: ctx.clock.now(), after },
  );
  if (!(await ctx.commit(taskWrites(advanced)))) return AGAIN;
  if (token === undefined) return entryMembers(workflow, planned, { execution, region: iterationOf(path, round) });
  return [{ kind: 'iterate', token }];
}
