import { signHandle, type TaskError } from '../core/agents/index.ts';
import { assertNever } from '../core/errors/index.ts';
import type { Timer } from '../core/ports/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { stop } from './stop.ts';

type AttemptTimer = Extract<Timer, { attempt: number }>;

/** A timer has fired, perhaps late, perhaps twice: it acts only if what it is about is still so. */
export async function onTimer(ctx: EngineContext, timer: Timer): Promise<FollowUps> {
  switch (timer.kind) {
    case 'attempt_timeout':
    case 'heartbeat':
      return onAttemptTimer(ctx, timer);
    case 'wake': {
      const record = await ctx.ledger.findTask(timer.execution, timer.path);
      const waits = record?.status === 'parked' && record.parking === timer.parking;
      return waits ? [{ kind: 'admit', execution: timer.execution, path: timer.path }] : [];
    }
    case 'execution_timeout': {
      const { status, deadline } = await ctx.getExecution(timer.execution);
      // The clock of a paused one stands still; the end of the pause sets another timer.
      const due = (status === 'planning' || status === 'running') && ctx.clock.now() >= deadline;
      return due ? stop(ctx, timer.execution, { reason: 'timeout' }) : [];
    }
    case 'grace':
      return [{ kind: 'conclude', execution: timer.execution }];
    default:
      return assertNever(timer, 'Timer');
  }
}

async function onAttemptTimer(ctx: EngineContext, timer: AttemptTimer): Promise<FollowUps> {
  const { execution, path, attempt } = timer;
  const record = await ctx.ledger.findTask(execution, path);
  const live = record?.attempt;
  if (live?.number !== attempt) return [];
  const { index } = await ctx.getWorkflow(await ctx.getExecution(execution));
  const { timeout, heartbeat = 0 } = index.agentAt(path);
  const due = timer.kind === 'attempt_timeout' ? live.deadline : live.heartbeatAt + heartbeat * 1000;
  if (ctx.clock.now() < due) {
    await ctx.timers.schedule(timer, due);
    return [];
  }
  const error: TaskError =
    timer.kind === 'attempt_timeout'
      ? { name: 'AttemptTimeout', message: `No answer within ${timeout} s.` }
      : { name: 'HeartbeatTimeout', message: `Silent for more than ${heartbeat} s.` };
  const handle = signHandle(ctx.handleSecret, { tenant: ctx.tenant, execution, path, attempt });
  await ctx.agents.cancel(handle, error.message);
  return [{ kind: 'settle', execution, path, attempt, outcome: { kind: 'error', error } }];
}
