import { InvariantError } from '../core/errors/index.ts';
import type { TaskRecord } from '../core/execution/index.ts';
import { callAgain } from './attempt.ts';
import { agentLook, takeTurn } from './begin-task.ts';
import { bindToken } from './bind-token.ts';
import { continueCheckpoint } from './checkpoint-task.ts';
import { runChild } from './child.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { startedCalls } from './open-container.ts';
import type { Rooms } from './rooms.ts';
import { AGAIN } from './until-committed.ts';
import { continueWait } from './wait.ts';

type Result = Promise<FollowUps | typeof AGAIN>;

/**
 * A task that runs is met again: by its state, entered anew or for the first time, or because its process has died. An open
 * container is asked to collect and its calls to go on: a process may have died before it could.
 */
export async function takeUp(ctx: EngineContext, look: Look): Result {
  const { record, planned } = look;
  if (!look.isAsked) return [];
  // To call again is to dispatch: what a process has left behind waits for the end of a pause, too.
  const mayCall = look.execution.paused === undefined;
  if (record.attempt && planned.kind === 'agent' && mayCall) return callAgain(ctx, agentLook(ctx, look, planned));
  if (!(await bindToken(ctx, look))) return AGAIN;
  if (record.child !== undefined && planned.kind === 'workflow') return runChild(ctx, record, planned);
  if (record.attempt) return [];
  const { execution, path } = record;
  return [...startedCalls(record), { kind: 'collect', execution, container: path }];
}

/** A parked task whose dependencies, condition and input have been decided is woken, or met by its state. */
export async function continueTask(ctx: EngineContext, rooms: Rooms, look: Look): Result {
  const { record, planned } = look;
  const { cause, input } = record;
  if (cause?.kind === 'schedule' || cause?.kind === 'event') return continueWait(ctx, look, cause);
  if (cause?.kind === 'approval' && planned.kind === 'checkpoint') return continueCheckpoint(ctx, look, planned, cause);
  if (cause?.kind === 'retry' && ctx.clock.now() < cause.at) return waitForRetry(ctx, look, cause.at);
  if (planned.kind === 'agent' && input) return takeTurn(ctx, rooms, agentLook(ctx, look, planned), input);
  throw notContinuable(record);
}

/** Its time has not come: a new state's token is bound, and the timer set again, because a crash forgets timers. */
async function waitForRetry(ctx: EngineContext, look: Look, at: number): Result {
  if (!(await bindToken(ctx, look))) return AGAIN;
  const { execution, path, parking } = look.record;
  if (look.isAsked) await ctx.timers.schedule({ kind: 'wake', execution, path, parking }, at);
  return [];
}

function notContinuable({ path, status }: TaskRecord): InvariantError {
  return new InvariantError({ code: 'not_continuable', message: `Task ${path} has an input, and is ${status}.` });
}
