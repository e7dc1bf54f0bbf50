import { containerOf, isSettled, untouchedTask, type TaskRecord } from '../core/execution/index.ts';
import type { TaskPath } from '../core/ids/index.ts';
import { answerAs } from './answer-state.ts';
import { bindToken } from './bind-token.ts';
import { closedAround } from './closed-around.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { park } from './parking.ts';
import { AGAIN } from './until-committed.ts';
import { leaveParking } from './writes.ts';

type Result = FollowUps | typeof AGAIN;

export type Passed =
  | { readonly kind: 'inside'; /** Lamport clock of the opening. */ readonly after: number }
  | { readonly kind: 'stays'; readonly result: Result };

/**
 * The group, loop or `for_each` around a task must be open before the task may do anything. One that nobody has touched is asked; one
 * that will never open leaves its members nothing to do but to pass on its answer.
 */
export async function passContainer(
  ctx: EngineContext,
  look: Look,
  isReached: boolean,
  ask: (container: TaskPath) => Promise<void>,
): Promise<Passed> {
  const { execution, record, planned } = look;
  const path = containerOf(record.path, planned);
  if (path === undefined) return { kind: 'inside', after: 0 };
  const find = async () => (await ctx.ledger.findTask(execution.id, path)) ?? untouchedTask(execution.id, path);
  let container = await find();
  // No state asks for a group or a loop itself: what woke it may have died with its process.
  if (container.status === 'pending' || (isReached && container.status === 'parked')) {
    await ask(path);
    container = await find();
  }
  if (container.status === 'running') return { kind: 'inside', after: container.lamport };
  const closed = isSettled(container.status) ? container : await closedAround(ctx, look, path);
  if (!closed) return { kind: 'stays', result: await parkForOpening(ctx, look, container, find) };
  if (look.token !== undefined) await answerAs(ctx, closed, look.token);
  // Its own members wait for it to open, which it never will: they hear of it the same way.
  const waiting = await ctx.ledger.listWatches(execution.id, record.path);
  return {
    kind: 'stays',
    result: waiting.map(({ consumer }) => ({ kind: 'admit', execution: execution.id, path: consumer })),
  };
}

/** The watch first, then another look: the container may have opened, or settled, in between. */
async function parkForOpening(
  ctx: EngineContext,
  look: Look,
  container: TaskRecord,
  find: () => Promise<TaskRecord>,
): Promise<Result> {
  const { execution, record } = look;
  const cause = { kind: 'dependency', tasks: [container.path] } as const;
  const waits = record.cause?.kind === 'dependency' && record.cause.tasks[0] === container.path;
  const watch = {
    kind: 'watch',
    watch: { execution: execution.id, producer: container.path, consumer: record.path },
  } as const;
  const parked = waits
    ? await bindToken(ctx, look)
    : await park(ctx, look, { cause, writes: [...leaveParking(record), watch] });
  if (!parked) return AGAIN;
  const { status } = await find();
  return status === 'running' || isSettled(status) ? AGAIN : [];
}
