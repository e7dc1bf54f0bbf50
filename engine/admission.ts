import {
  decideJoin,
  isSettled,
  isStopped,
  untouchedTask,
  type Edge,
  type TaskRecord,
} from '../core/execution/index.ts';
import { memberPath, parseCompensationPath, regionOf, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import { admitCompensation } from './admit-compensation.ts';
import { collectorOf } from './after-settlement.ts';
import { beginTask } from './begin-task.ts';
import { continueTask, takeUp } from './continue-task.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUp, FollowUps } from './follow-up.ts';
import { isShared, wakeBehind } from './gates/index.ts';
import type { Look } from './look.ts';
import { leavePause, parkForPause } from './park-for-pause.ts';
import { parkForTurn } from './park-for-turn.ts';
import { parkForDependencies } from './parking.ts';
import { passContainer } from './pass-container.ts';
import { isCall } from './prepare-input.ts';
import type { Rooms } from './rooms.ts';
import { settleWithoutAttempt } from './settle-without-attempt.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

export interface AdmissionRequest {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  /** The token of the state that asks; absent when the task is woken and keeps the one it has. */
  readonly token?: string;
  /** Its process has died: a live attempt is called again, although no state asks. */
  readonly resumed?: true;
  /** A container, asked for by a member whose state the machine has entered: the machine brings the other members as well. */
  readonly reached?: boolean;
}

type Result = FollowUps | typeof AGAIN;

/**
 * Decides whether a task runs, waits or ends, in the order of the semantics' admission list. All checks read only; then one
 * commit takes everything that the attempt needs. Repeating it is harmless: whoever is settled or running stays so.
 */
export async function admit(ctx: EngineContext, rooms: Rooms, request: AdmissionRequest): Promise<FollowUps> {
  if (parseCompensationPath(request.path) !== undefined) return admitCompensation(ctx, rooms, request);
  // What the opening of containers sets in motion stands, however often the task itself has to look again.
  const ofContainers: FollowUp[] = [];
  const followUps = await untilCommitted(`Admission of ${request.path}`, () =>
    lookOnce(ctx, rooms, request, ofContainers),
  );
  const isAnswered = followUps === REJECTED || followUps.some(({ kind }) => kind === 'answer');
  if (!isAnswered) await rejectIfStopped(ctx, request);
  // A place that this task was woken for and had no use of, or has given back, is the next one's.
  return [...ofContainers, ...followUps, ...rooms.wake()];
}

async function lookOnce(
  ctx: EngineContext,
  rooms: Rooms,
  request: AdmissionRequest,
  ofContainers: FollowUp[],
): Promise<Result> {
  const execution = await ctx.getExecution(request.execution);
  const record =
    (await ctx.ledger.findTask(request.execution, request.path)) ?? untouchedTask(request.execution, request.path);
  const token = request.token ?? record.token;

  if (isStopped(execution.status)) return leaveStopped(ctx, record, token);
  if (isSettled(record.status)) return answerAgain(request);
  const workflow = await ctx.getWorkflow(execution);
  const planned = workflow.index.taskAt(request.path);
  const isAsked = request.token !== undefined || request.resumed === true;
  const look: Look = { execution, workflow, planned, record, token, isAsked, after: execution.lamport };
  if (record.status === 'running') return takeUp(ctx, look);
  if (execution.paused) return parkForPause(ctx, look, execution.paused.by);
  if (execution.status === 'queued' && execution.turn?.queued) return parkForTurn(ctx, look, execution.turn.queued);
  const reached = request.reached === true;
  if (record.cause?.kind !== 'pause') {
    // One that has waited with its execution for the turn of that was asked for before.
    const isReached = isAsked || reached || (token !== undefined && record.cause?.kind === 'concurrency');
    return goOn(ctx, rooms, look, { reached, isReached, ofContainers });
  }
  const kept = await leavePause(ctx, look, record.cause);
  // One that has a token was asked for during the pause, or before.
  const isReached = isAsked || reached || token !== undefined;
  return kept ? goOn(ctx, rooms, kept, { reached, isReached, ofContainers }) : AGAIN;
}

interface Asked {
  /** As it was requested. */
  readonly reached: boolean;
  /** The machine has come to the task's state. */
  readonly isReached: boolean;
  readonly ofContainers: FollowUp[];
}

/** Nothing keeps the execution from dispatching: the task begins, or goes on from where it was parked. */
async function goOn(ctx: EngineContext, rooms: Rooms, look: Look, asked: Asked): Promise<Result> {
  const { execution } = look;
  const { reached, isReached, ofContainers } = asked;
  if (hasPassedJoin(look.record)) return continueTask(ctx, rooms, look);
  const passed = await passContainer(ctx, look, isReached, async (container) => {
    ofContainers.push(...(await admit(ctx, rooms, { execution: execution.id, path: container, reached: isReached })));
  });
  if (passed.kind === 'stays') return passed.result;
  const inside = { ...look, after: Math.max(look.after, passed.after) };
  // A `for_each` has joined for all its calls when it opened.
  return isCall(look) ? beginTask(ctx, rooms, inside, false) : join(ctx, rooms, inside, reached);
}

/**
 * The state's token stands in the ledger before this read, and a stop writes before it looks for a token to reject: so at least one of
 * the two sees the other, and no machine waits in a state that nobody answers any more.
 */
async function rejectIfStopped(ctx: EngineContext, { execution, token }: AdmissionRequest): Promise<void> {
  if (token === undefined) return;
  const { status } = await ctx.getExecution(execution);
  if (isStopped(status)) await rejectStopping(ctx, token);
}

/** Nothing follows, and the state has its answer. */
const REJECTED: FollowUps = [];

async function rejectStopping(ctx: EngineContext, token: string | undefined): Promise<FollowUps> {
  if (token !== undefined) await ctx.tokens.fail(token, 'ExecutionStopping', '');
  return REJECTED;
}

/** A task that waits will not be called any more: whoever stands behind it in a queue of several executions need not wait until it settles. */
async function leaveStopped(ctx: EngineContext, { queued }: TaskRecord, token: string | undefined): Promise<FollowUps> {
  const rejected = await rejectStopping(ctx, token);
  if (!queued || !isShared(queued.key)) return rejected;
  await ctx.commit([{ kind: 'unpark', entry: queued }]);
  return wakeBehind(ctx, queued);
}

/**
 * Also collects again, all the way out: a process may have died between the settlement of a container's last member and its
 * collection, and a container that is such a last member has no state of its own that would ask.
 */
function answerAgain({ execution, path, token }: AdmissionRequest): FollowUps {
  if (token === undefined) return [];
  const collections: FollowUp[] = [];
  for (let container = collectorOf(path); container !== undefined; container = collectorOf(container)) {
    collections.push({ kind: 'collect', execution, container });
  }
  return [...collections, { kind: 'answer', execution, path, token }];
}

/** Dependencies, condition and input were decided before; a repeated decision could come out differently. */
function hasPassedJoin({ input, cause }: TaskRecord): boolean {
  return input !== undefined || cause?.kind === 'schedule' || cause?.kind === 'approval';
}

async function join(ctx: EngineContext, rooms: Rooms, look: Look, reached: boolean): Promise<Result> {
  const { planned, execution, workflow, record } = look;
  const producers = planned.dependsOn.map(({ task }) => memberPath(regionOf(record.path), task));
  const records = await ctx.ledger.findTasks(execution.id, producers);
  const edges: readonly Edge[] = planned.dependsOn.map((dependency, i) => ({
    ...dependency,
    status: records[i]?.status ?? 'pending',
  }));
  const lamports = records.map((producer) => (producer && isSettled(producer.status) ? producer.lamport : 0));
  const joined = { ...look, after: lamports.reduce((a, b) => Math.max(a, b), look.after) };

  const decision = decideJoin(planned.join, edges, workflow.index.plan.onSkip);
  if (decision.kind === 'wait') return parkForDependencies(ctx, joined, edges);
  // A failure and the stop that it brings are one commit: who has seen the failure must not overlook the stop.
  const { status, paused } = await ctx.getExecution(execution.id);
  if (isStopped(status)) return rejectStopping(ctx, look.token);
  // Nor may one that a pause came too late for find dependencies settled that its checkpoint does not know of.
  if (paused) return AGAIN;
  switch (decision.kind) {
    case 'skipped':
    case 'upstream_failed':
      return settleWithoutAttempt(ctx, joined, decision.kind, decision.why);
    case 'run':
      return beginTask(ctx, rooms, joined, reached);
  }
}
