import type { TaskError } from '../core/agents/index.ts';
import { assertNever } from '../core/errors/index.ts';
import { forEachOf, isImpatient, type Cause, type StoredValue } from '../core/execution/index.ts';
import type { Json } from '../core/json/index.ts';
import type { AgentTask } from '../core/plan/index.ts';
import { valueProblems } from '../core/schemas/index.ts';
import { makeAttempt } from './attempt.ts';
import { beginCheckpoint } from './checkpoint-task.ts';
import { startChild } from './child.ts';
import { emit } from './emit.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { AgentLook, Look } from './look.ts';
import { openCalls, openRegion } from './open-container.ts';
import { lookThroughGates } from './gates/index.ts';
import { parkAtGate, parkForWorker } from './parking.ts';
import { isCall, prepare } from './prepare-input.ts';
import type { Rooms } from './rooms.ts';
import { failWithoutAttempt, settleFromCache, settleWithoutAttempt } from './settle-without-attempt.ts';
import type { AGAIN } from './until-committed.ts';
import { beginWait } from './wait.ts';

type Result = Promise<FollowUps | typeof AGAIN>;

/** The task's join says run: its condition, then what its kind does. */
export async function beginTask(ctx: EngineContext, rooms: Rooms, look: Look, reached: boolean): Result {
  const prepared = await prepare(ctx, look);
  switch (prepared.kind) {
    case 'skip':
      return settleWithoutAttempt(ctx, look, 'skipped', prepared.why);
    case 'invalid':
      return failWithoutAttempt(ctx, look, { name: 'InvalidInput', message: prepared.message });
    case 'value':
      return act(ctx, rooms, look, { value: prepared.value, reached });
  }
}

async function act(
  ctx: EngineContext,
  rooms: Rooms,
  look: Look,
  { value, reached }: { readonly value: Json; readonly reached: boolean },
): Result {
  const { planned } = look;
  const forEach = forEachOf(planned);
  if (forEach && !isCall(look)) return openCalls(ctx, look, forEach, value);
  switch (planned.kind) {
    case 'agent':
      return callAgent(ctx, rooms, agentLook(ctx, look, planned), value);
    case 'workflow':
      return startChild(ctx, look, planned, value);
    case 'wait':
      return beginWait(ctx, look, planned, value);
    case 'emit':
      return emit(ctx, look, planned, value);
    case 'checkpoint':
      return beginCheckpoint(ctx, look, planned);
    case 'loop':
    case 'group':
      return openRegion(ctx, look, planned, reached);
    default:
      return assertNever(planned, 'A kind of task');
  }
}

async function callAgent(ctx: EngineContext, rooms: Rooms, look: AgentLook, input: Json): Result {
  const problems = look.agentType.input ? valueProblems(look.agentType.input, input) : [];
  if (problems.length === 0) return takeTurn(ctx, rooms, look, await ctx.store(input));
  const message = `The input does not fit the agent: ${problems.join('; ')}`;
  return failWithoutAttempt(ctx, look, { name: 'InvalidInput', message });
}

export function agentLook(ctx: EngineContext, look: Look, planned: AgentTask): AgentLook {
  return { ...look, planned, agentType: ctx.getAgentType(look.workflow, planned.agentType) };
}

/** All gates, then the one commit that takes it all. */
export async function takeTurn(ctx: EngineContext, rooms: Rooms, look: AgentLook, input: StoredValue): Result {
  const passage = await lookThroughGates(ctx, { ...look, input });
  if (passage.kind === 'settle') return settleFromCache(ctx, look, input, passage);
  if (passage.kind === 'reject') return failWithoutAttempt(ctx, look, passage.error, passage);
  if (passage.kind === 'park') {
    const waiting = { execution: look.execution, now: ctx.clock.now() };
    if (!isImpatient(passage.cause, look.record.patience, waiting)) return parkAtGate(ctx, look, input, passage);
    return failWithoutAttempt(ctx, look, allocationTimeout(passage.cause));
  }
  const room = rooms.take(look.agentType);
  if ('full' in room) return parkForWorker(ctx, rooms, look, { input, capacity: room.full });
  try {
    return await makeAttempt(ctx, look, { input, passage, onAccepted: room.release });
  } finally {
    room.release();
  }
}

function allocationTimeout(cause: Cause): TaskError {
  const what = cause.kind === 'pool' ? `a slot of the pool ${cause.pool}` : `the ${cause.kind} of its agent`;
  const till = cause.kind === 'rate' ? `, and its turn is at ${new Date(cause.at).toISOString()}` : '';
  return { name: 'AllocationTimeout', message: `It has waited for ${what} for longer than its queue_timeout${till}.` };
}
