import { advanceTask, dueAt, type Cause, type ParkedEntry, type TaskRecord } from '../core/execution/index.ts';
import { bindToken } from './bind-token.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { isShared, wakeBehind } from './gates/index.ts';
import type { Look } from './look.ts';
import { park } from './parking.ts';
import { AGAIN } from './until-committed.ts';
import { taskWrites } from './writes.ts';

type PauseCause = Extract<Cause, { kind: 'pause' }>;

/**
 * A task of a paused execution waits for the end of the pause, and keeps its watches and its turn, in a shared queue without standing there. Parked first, then another look: who
 * ends the pause writes that, then reads who is parked.
 */
export async function parkForPause(ctx: EngineContext, look: Look, by: string): Promise<FollowUps | typeof AGAIN> {
  const { execution, record } = look;
  const { cause, queued } = record;
  const shared = cause?.kind === 'pause' ? undefined : sharedPlace(record);
  const parked =
    cause?.kind === 'pause'
      ? await bindToken(ctx, look)
      : await park(ctx, look, {
          cause: { kind: 'pause', by, at: ctx.clock.now(), ...(cause && { before: cause }) },
          ...(queued && { queued }),
          writes: shared ? [{ kind: 'unpark', entry: shared }] : [],
        });
  if (!parked) return AGAIN;
  const woken = await wakeBehind(ctx, shared);
  if ((await ctx.getExecution(execution.id)).status === 'paused') return woken;
  return woken.length === 0 ? AGAIN : [...woken, { kind: 'admit', execution: execution.id, path: record.path }];
}

/** Its place in a queue in which others stand who are not paused: it gives the place up for the pause, and is back afterwards. */
function sharedPlace({ queued }: TaskRecord): ParkedEntry | undefined {
  return queued && isShared(queued.key) ? queued : undefined;
}

/**
 * The pause is over, and the task is where it was. What it waited for then it waits for again, with a new number and a new timer: one that
 * was set before has fired in vain, or comes late.
 */
export async function leavePause(ctx: EngineContext, look: Look, { before }: PauseCause): Promise<Look | undefined> {
  const { cause, ...record } = look.record;
  if (!before) return { ...look, record };
  const advanced = advanceTask(
    record,
    (task) => ({ ...task, cause: before, parking: task.parking + 1 }),
    [{ type: 'task.parked', data: { cause: before } }],
    { now: ctx.clock.now(), after: look.after },
  );
  const shared = sharedPlace(record);
  const back = shared ? ([{ kind: 'park', entry: shared }] as const) : [];
  if (!(await ctx.commit([...taskWrites(advanced), ...back]))) return undefined;
  const { execution, path, parking } = advanced.record;
  const at = dueAt(before);
  if (at !== undefined) await ctx.timers.schedule({ kind: 'wake', execution, path, parking }, at);
  return { ...look, record: advanced.record };
}
