import {
  decideJoin,
  isSettled,
  isStopped,
  untouchedTask,
  type Edge,
  type StoredValue,
} from '../core/execution/index.ts';
import { parseItemPath, taskPath, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import { callAgain, makeAttempt } from './attempt.ts';
import { bindToken } from './bind-token.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { findTurn, parkForDependencies, parkForTurn, parkForWorker } from './parking.ts';
import { prepareInput } from './prepare-input.ts';
import type { Rooms } from './rooms.ts';
import { failWithoutAttempt, settleWithoutAttempt } from './settle-without-attempt.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

export interface AdmissionRequest {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  /** The token of the state that asks; absent when the task is woken and keeps the one it has. */
  readonly token?: string;
  /** Its process has died: a live attempt is called again, although no state asks. */
  readonly resumed?: true;
}

type Result = FollowUps | typeof AGAIN;

/**
 * Decides whether a task runs, waits or ends, in the order of the semantics' admission list. All checks read only; then one
 * commit takes everything that the attempt needs. Repeating it is harmless: whoever is settled or running stays so.
 */
export async function admit(ctx: EngineContext, rooms: Rooms, request: AdmissionRequest): Promise<FollowUps> {
  const followUps = await untilCommitted(`Admission of ${request.path}`, () => lookOnce(ctx, rooms, request));
  // A place that this task was woken for and had no use of, or has given back, is the next one's.
  return [...followUps, ...rooms.wake()];
}

async function lookOnce(ctx: EngineContext, rooms: Rooms, request: AdmissionRequest): Promise<Result> {
  const execution = await ctx.getExecution(request.execution);
  const record =
    (await ctx.ledger.findTask(request.execution, request.path)) ?? untouchedTask(request.execution, request.path);
  const token = request.token ?? record.token;

  if (isStopped(execution.status)) return rejectStopping(ctx, token);
  if (isSettled(record.status)) return answerAgain(request);
  const workflow = await ctx.getWorkflow(execution);
  const planned = workflow.index.taskAt(request.path);
  const agentType = ctx.getAgentType(workflow, planned.agentType);
  const look = { execution, workflow, planned, agentType, record, token, after: execution.lamport };
  const asked = request.token !== undefined || request.resumed === true;
  if (record.attempt) return asked ? callAgain(ctx, look) : [];
  if (record.cause?.kind === 'retry' && ctx.clock.now() < record.cause.at)
    return waitForRetry(ctx, look, record.cause.at);
  // A retry: dependencies, condition and input were decided before the first attempt.
  return record.input ? takeTurn(ctx, rooms, look, record.input) : join(ctx, rooms, look);
}

async function rejectStopping(ctx: EngineContext, token: string | undefined): Promise<FollowUps> {
  if (token !== undefined) await ctx.tokens.fail(token, 'ExecutionStopping', '');
  return [];
}

/** Also collects again: a process may have died between the settlement of a fan-out's last item and its collection. */
function answerAgain({ execution, path, token }: AdmissionRequest): FollowUps {
  if (token === undefined) return [];
  const container = parseItemPath(path)?.container;
  return [
    ...(container === undefined ? [] : [{ kind: 'collect', execution, container } as const]),
    { kind: 'answer', execution, path, token },
  ];
}

/** Its time has not come: a new state's token is bound, and the timer set again, because a crash forgets timers. */
async function waitForRetry(ctx: EngineContext, look: Look, at: number): Promise<Result> {
  if (!(await bindToken(ctx, look))) return AGAIN;
  const { execution, path, parking } = look.record;
  await ctx.timers.schedule({ kind: 'retry', execution, path, parking }, at);
  return [];
}

async function join(ctx: EngineContext, rooms: Rooms, look: Look): Promise<Result> {
  const { planned, execution, workflow } = look;
  const producers = planned.dependsOn.map((dependency) => taskPath(dependency.task));
  const records = await ctx.ledger.findTasks(execution.id, producers);
  const edges: readonly Edge[] = planned.dependsOn.map((dependency, i) => ({
    ...dependency,
    status: records[i]?.status ?? 'pending',
  }));
  const lamports = records.map((record) => (record && isSettled(record.status) ? record.lamport : 0));
  const joined = { ...look, after: lamports.reduce((a, b) => Math.max(a, b), look.after) };

  const decision = decideJoin(planned.join, edges, workflow.index.plan.onSkip);
  if (decision.kind === 'wait') return parkForDependencies(ctx, joined, edges);
  // A failure and the stop that it brings are one commit: who has seen the failure must not overlook the stop.
  const { status } = await ctx.getExecution(execution.id);
  if (isStopped(status)) return rejectStopping(ctx, look.token);
  switch (decision.kind) {
    case 'skipped':
    case 'upstream_failed':
      return settleWithoutAttempt(ctx, joined, decision.kind, decision.why);
    case 'run':
      return prepare(ctx, rooms, joined);
  }
}

async function prepare(ctx: EngineContext, rooms: Rooms, look: Look): Promise<Result> {
  const prepared = await prepareInput(ctx, look);
  switch (prepared.kind) {
    case 'skip':
      return settleWithoutAttempt(ctx, look, 'skipped', prepared.why);
    case 'invalid':
      return failWithoutAttempt(ctx, look, { name: 'InvalidInput', message: prepared.message });
    case 'input':
      return takeTurn(ctx, rooms, look, prepared.input);
  }
}

/** Limits, then the one commit that takes it all. */
async function takeTurn(ctx: EngineContext, rooms: Rooms, look: Look, input: StoredValue): Promise<Result> {
  const turn = await findTurn(ctx, look);
  if (turn.kind === 'wait') return parkForTurn(ctx, look, input, turn.limit);
  const room = rooms.take(look.agentType);
  if ('full' in room) return parkForWorker(ctx, rooms, look, { input, capacity: room.full });
  try {
    return await makeAttempt(ctx, look, { input, limitWrites: turn.writes, onAccepted: room.release });
  } finally {
    room.release();
  }
}
