import type { TaskError, Usage } from '../core/agents/index.ts';
import { advanceTask, isStopped, retryDelay, type Attempt, type Fact } from '../core/execution/index.ts';
import { parseCompensationPath, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import type { AgentTask } from '../core/plan/index.ts';
import { amountsOf } from '../core/resilience/index.ts';
import { answerProblems } from './answer-problems.ts';
import { wakeConclude, wakeQueues } from './after-settlement.ts';
import type { EngineContext } from './engine-context.ts';
import type { Outcome } from './follow-up.ts';
import { leaveGates, wakeForControls } from './gates/index.ts';
import { commitSettlement, failed, succeeded, type FindFollowUps, type Settling } from './settlement.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { cleared, taskWrites } from './writes.ts';

export interface Settlement {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  readonly attempt: number;
  readonly outcome: Outcome;
  /** By the agent, which has started then, marked or not. */
  readonly answered?: boolean;
  /** By a person's decision. */
  readonly decided?: Fact;
  /** What the attempt has used, as its agent says. */
  readonly usage?: Usage | undefined;
}

/** `late`: the attempt is not live any more (settled, timed out, fenced); nothing was changed. A failed follow-up is no failed answer. */
export type Settled = { readonly late: false; readonly findFollowUps: FindFollowUps } | { readonly late: true };

interface Ending extends Settling {
  readonly planned: AgentTask;
  readonly attempt: number;
  readonly before: readonly Fact[];
}

/** The only way an attempt ends, whatever ended it: an answer, an error, a timeout, a lost worker. */
export async function settle(ctx: EngineContext, settlement: Settlement): Promise<Settled> {
  return untilCommitted(`Settlement of ${settlement.path}`, async () => {
    const record = await ctx.ledger.findTask(settlement.execution, settlement.path);
    if (record?.attempt?.number !== settlement.attempt) return { late: true };
    const execution = await ctx.getExecution(settlement.execution);
    const workflow = await ctx.getWorkflow(execution);
    const planned = workflow.index.agentAt(record.path);
    const { answered, decided, usage } = settlement;
    const before = [...(answered === true ? unmarkedStart(record.attempt) : []), ...(decided ? [decided] : [])];
    const used = usage && { usage: amountsOf(usage) };
    const ending = { execution, workflow, planned, record, attempt: settlement.attempt, before, ...used };
    const findFollowUps = await decide(ctx, ending, checked(ctx, ending, settlement.outcome));
    return findFollowUps === AGAIN ? AGAIN : { late: false, findFollowUps };
  });
}

function unmarkedStart({ state, number, startedAt }: Attempt): readonly Fact[] {
  return state === 'intended' ? [{ type: 'task.started', data: { attempt: number }, time: startedAt }] : [];
}

/** An answer that breaks its schema is an error of the agent. */
function checked(ctx: EngineContext, { workflow, planned }: Ending, outcome: Outcome): Outcome {
  if (outcome.kind === 'error') return outcome;
  const problems = answerProblems(ctx, { workflow, planned }, outcome.output);
  if (problems.length === 0) return outcome;
  const message = `The answer breaks its schema: ${problems.join('; ')}`;
  return { kind: 'error', error: { name: 'InvalidOutput', message, retryable: false } };
}

async function decide(ctx: EngineContext, ending: Ending, outcome: Outcome): Promise<FindFollowUps | typeof AGAIN> {
  const { attempt } = ending;
  if (outcome.kind === 'output')
    return commitSettlement(ctx, ending, succeeded(await ctx.store(outcome.output), attempt));
  const delay = delayOf(ctx, ending, outcome.error);
  if (delay === undefined) return commitSettlement(ctx, ending, failed(outcome.error, attempt));
  return parkForRetry(ctx, ending, outcome.error, delay);
}

/** Milliseconds until the next attempt; undefined: there is none. While an execution stops, only what undoes is tried again. */
function delayOf(
  ctx: EngineContext,
  { execution, planned, record, attempt }: Ending,
  error: TaskError,
): number | undefined {
  const random = (): number => ctx.ids.random();
  if (parseCompensationPath(record.path) !== undefined)
    return retryDelay(planned.retry, attempt - (record.triedBefore ?? 0), error, random);
  if (isStopped(execution.status)) return undefined;
  return retryDelay(execution.retry ?? planned.retry, attempt, error, random);
}

/** The same token is parked: a state ends with the final outcome only. What the attempt held is given back at once. */
async function parkForRetry(
  ctx: EngineContext,
  ending: Ending,
  error: TaskError,
  delay: number,
): Promise<FindFollowUps | typeof AGAIN> {
  const { record, attempt, before, usage } = ending;
  const left = await leaveGates(ctx, { ...ending, report: { kind: 'failed', error } });
  const now = ctx.clock.now();
  const parking = record.parking + 1;
  const cause = { kind: 'retry', attempt: attempt + 1, at: now + delay, error: error.name } as const;
  const advanced = advanceTask(
    record,
    (task) => ({ ...cleared(task), status: 'parked', cause, parking }),
    [
      ...before,
      ...left.facts,
      { type: 'task.retried', data: { attempt, error, ...(usage && { usage }) } },
      { type: 'task.parked', data: { cause } },
    ],
    { now },
  );
  if (!(await ctx.commit([...taskWrites(advanced), ...left.writes]))) return AGAIN;
  return async () => {
    await ctx.timers.schedule({ kind: 'wake', execution: record.execution, path: record.path, parking }, cause.at);
    // Read after the commit, as after a settlement: the execution may have been stopped since the decision to retry.
    const owner = await ctx.getExecution(record.execution);
    const woken = await wakeForControls(ctx, left.writes);
    return [...(await wakeQueues(ctx, owner, record.path)), ...woken, ...wakeConclude(owner)];
  };
}
