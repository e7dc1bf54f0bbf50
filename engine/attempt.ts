import { signHandle } from '../core/agents/index.ts';
import {
  advanceTask,
  approvalIdOf,
  isStopped,
  type Attempt,
  type Fact,
  type StoredValue,
  type TaskRecord,
} from '../core/execution/index.ts';
import { parseCompensationPath, parseItemPath } from '../core/ids/index.ts';
import { EngineError } from '../core/errors/index.ts';
import type { AgentCall } from '../core/ports/index.ts';
import { addressees, isHuman } from './approvals.ts';
import { bindToken } from './bind-token.ts';
import { cancelTask, type Cancellation } from './cancel-task.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { holdsSlot, movesUp, wakeBehind, type Passage } from './gates/index.ts';
import { queueAgain } from './queue-again.ts';
import type { AgentLook } from './look.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { withdrawForPause } from './withdraw-for-pause.ts';
import { cleared, leaveParking, taskWrites } from './writes.ts';

interface NewAttempt {
  readonly input: StoredValue;
  /** What the gates give, and want to know about. */
  readonly passage: Extract<Passage, { kind: 'pass' }>;
  /** The runtime has the call, and counts it itself from now on. */
  readonly onAccepted: () => void;
}

/** Writes the intent, looks once more whether the execution is being stopped, then calls the agent. */
export async function makeAttempt(
  ctx: EngineContext,
  look: AgentLook,
  attempt: NewAttempt,
): Promise<FollowUps | typeof AGAIN> {
  return ctx.calls.during(look.record, () => intendAndCall(ctx, look, attempt));
}

async function intendAndCall(ctx: EngineContext, look: AgentLook, { input, passage, onAccepted }: NewAttempt) {
  const { record, token } = look;
  const { holds, facts = [] } = passage;
  // Of one that takes a call of a rate, the moment that the rate has counted.
  const startedAt = holds?.rate?.at ?? ctx.clock.now();
  const attempt = {
    ...attemptOf(look, { number: record.attempts + 1, startedAt, engine: ctx.engineId }),
    ...(holds && { holds }),
  };
  const advanced = advanceTask(
    record,
    (task) => ({
      ...cleared(task),
      status: 'running',
      attempts: attempt.number,
      attempt,
      input,
      ...(token !== undefined && { token }),
    }),
    [...facts, ...assignment(look, attempt)],
    { now: attempt.startedAt, after: look.after },
  );
  if (!(await ctx.commit([...taskWrites(advanced), ...leaveParking(record), ...passage.writes]))) return AGAIN;
  const withdrawn = { status: 'cancelled', attempts: record.attempts } as const;
  const called = callUnlessHalted(ctx, look, { record: advanced.record, withdrawn, isNew: true, onAccepted });
  return movesUp(record.queued) ? [...(await called), ...(await wakeBehind(ctx, record.queued))] : called;
}

/**
 * A state that was entered anew (a resumed execution, a repeated dispatch) meets a live attempt: its token is bound to it.
 * Where the call may have been lost, because it was never accepted or died with another process, the agent is called again with
 * the same handle; that uses up no attempt, and its clocks start anew.
 */
export async function callAgain(ctx: EngineContext, look: AgentLook): Promise<FollowUps | typeof AGAIN> {
  const { record, token } = look;
  const live = record.attempt;
  const inHand = live?.state === 'running' || ctx.calls.has(record);
  if (live?.engine === ctx.engineId && inHand) return (await bindToken(ctx, look)) ? [] : AGAIN;
  if (live && isHuman(look.agentType)) return askOn(ctx, look, live);
  if (live && !(await holdsSlot(ctx, live))) return queueAgain(ctx, look);
  const again = attemptOf(look, { number: record.attempts, startedAt: ctx.clock.now(), engine: ctx.engineId });
  const attempt = { ...again, ...(live?.holds && { holds: live.holds }) };
  const advanced = advanceTask(
    record,
    (task) => ({ ...task, attempt, ...(token !== undefined && { token }) }),
    assignment(look, attempt),
    { now: attempt.startedAt, after: look.after },
  );
  // The earlier call may have reached the agent.
  const intent = { record: advanced.record, withdrawn: { status: 'unknown' }, isNew: false } as const;
  return ctx.calls.during(record, async () =>
    (await ctx.commit(taskWrites(advanced))) ? callUnlessHalted(ctx, look, intent) : AGAIN,
  );
}

/** A person was asked by another process, and still is: there is nothing to call again, only the timer died with that process. */
async function askOn(ctx: EngineContext, look: AgentLook, live: Attempt): Promise<FollowUps | typeof AGAIN> {
  if (!(await bindToken(ctx, look))) return AGAIN;
  const { execution, path } = look.record;
  await ctx.timers.schedule({ kind: 'attempt_timeout', execution, path, attempt: live.number }, live.deadline);
  return [];
}

function assignment(
  { planned, agentType }: AgentLook,
  { number, deadline, approval, holds }: Attempt,
): readonly Fact[] {
  const reserved = holds?.budgets?.find((hold) => hold.reserved)?.reserved;
  const data = { attempt: number, agent: planned.agent, ...(reserved && { reserved }) };
  const assigned: Fact = { type: 'task.assigned', data };
  if (approval === undefined || !isHuman(agentType)) return [assigned];
  const asked = { approval, attempt: number, deadline, ...addressees(agentType) };
  return [assigned, { type: 'approval.requested', data: asked }];
}

function attemptOf(
  { planned, record, agentType }: AgentLook,
  { number, startedAt, engine }: Pick<Attempt, 'number' | 'startedAt' | 'engine'>,
): Attempt {
  const deadline = startedAt + planned.timeout * 1000;
  const attempt = { number, state: 'intended', engine, startedAt, deadline, heartbeatAt: startedAt } as const;
  return isHuman(agentType) ? { ...attempt, approval: approvalIdOf({ ...record, attempt: number }) } : attempt;
}

interface Intent {
  readonly record: TaskRecord;
  /** What becomes of the task if its execution turns out to be stopping. */
  readonly withdrawn: Cancellation;
  /** Nobody can have called for this attempt yet. */
  readonly isNew: boolean;
  readonly onAccepted?: () => void;
}

/**
 * The intent stands before this read, and a stop or a pause writes before it reads the intents: so at least one of the two sees
 * the other, and no agent starts after the execution was stopped or paused.
 */
async function callUnlessHalted(ctx: EngineContext, look: AgentLook, intent: Intent): Promise<FollowUps> {
  const { record } = intent;
  const { attempt } = record;
  if (!attempt) return [];
  const call = await callOf(ctx, look, record, attempt);
  // An agent whose intent is lost would work for nobody, and a second one would be called beside it.
  await ctx.durable();
  const execution = await ctx.getExecution(record.execution);
  // What undoes has been begun by the stop itself, and nothing stops it.
  if (isStopped(execution.status) && parseCompensationPath(record.path) === undefined) {
    return cancelTask(ctx, execution, record.path, intent.withdrawn);
  }
  // One that may have been called before stays as it is: the end of the pause has it called again.
  if (execution.paused) return intent.isNew ? withdrawForPause(ctx, look, record, execution.paused.by) : [];
  const timer = { execution: record.execution, path: record.path, attempt: attempt.number } as const;
  await ctx.timers.schedule({ kind: 'attempt_timeout', ...timer }, attempt.deadline);
  if (look.planned.heartbeat !== undefined) {
    await ctx.timers.schedule({ kind: 'heartbeat', ...timer }, attempt.startedAt + look.planned.heartbeat * 1000);
  }
  try {
    await ctx.agents.call(call);
    intent.onAccepted?.();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const unavailable = { name: 'AgentUnavailable', message: error.message };
    return [{ kind: 'settle', ...timer, outcome: { kind: 'error', error: unavailable } }];
  }
  markLater(ctx, record, attempt.number);
  return [];
}

async function callOf(ctx: EngineContext, look: AgentLook, record: TaskRecord, attempt: Attempt): Promise<AgentCall> {
  const { execution, path } = record;
  return {
    handle: signHandle(ctx.handleSecret, { tenant: ctx.tenant, execution, path, attempt: attempt.number }),
    execution,
    path,
    task: look.planned.id,
    agent: look.planned.agent,
    agentType: look.agentType,
    attempt: attempt.number,
    idempotencyKey: idempotencyKeyOf(record),
    input: record.input ? await ctx.load(record.input) : {},
    index: parseItemPath(path)?.index ?? 0,
    count: await widthOf(ctx, look, record),
    deadline: attempt.deadline,
    ...slotOf(look, attempt),
  };
}

function idempotencyKeyOf({ execution, path }: TaskRecord): string {
  const undone = parseCompensationPath(path);
  return undone === undefined ? `${execution}/${path}` : `comp:${execution}:${undone}`;
}

function slotOf({ workflow, planned }: AgentLook, { holds }: Attempt): Pick<AgentCall, 'slot'> {
  const { instances = 1 } = workflow.index.plan.agents[planned.agent]?.pool ?? {};
  return holds?.pool ? { slot: { ...holds.pool, instance: holds.pool.slot % instances } } : {};
}

/** How many items or calls there are of the task. */
async function widthOf(ctx: EngineContext, { planned }: AgentLook, { execution, path }: TaskRecord): Promise<number> {
  const item = planned.forEach && parseItemPath(path);
  if (!item) return planned.fanOut ?? 1;
  const container = await ctx.ledger.findTask(execution, item.container);
  return container?.calls?.calls ?? 1;
}

/**
 * The runtime has the call, which somebody who looks should see. A fast agent has answered before that is written: then there is nothing
 * left to mark, and its answer need not wait for the mark to come to the disk (chain100 across workers: 0.94 ms of the processor a task, 1.16 before).
 */
function markLater(ctx: EngineContext, record: TaskRecord, number: number): void {
  const now = ctx.clock.now();
  const moment = new Promise<void>((resolve) => ctx.later(resolve));
  const marked = ctx.calls.during(record, () => moment.then(() => markStarted(ctx, record, { number, now })));
  ctx.aside(marked.catch(ctx.onError));
}

interface Accepted {
  readonly number: number;
  readonly now: number;
}

async function markStarted(
  ctx: EngineContext,
  { execution, path }: TaskRecord,
  { number, now }: Accepted,
): Promise<void> {
  await untilCommitted(`Start of ${path}`, async () => {
    const record = await ctx.ledger.findTask(execution, path);
    const attempt = record?.attempt;
    if (!record || attempt?.number !== number || attempt.state !== 'intended') return undefined;
    const advanced = advanceTask(
      record,
      (task) => ({ ...task, attempt: { ...attempt, state: 'running' } }),
      [{ type: 'task.started', data: { attempt: number } }],
      { now },
    );
    return (await ctx.commit(taskWrites(advanced))) ? undefined : AGAIN;
  });
}
