import type { TaskError } from '../core/agents/index.ts';
import {
  advanceTask,
  isStopped,
  retryDelay,
  type ExecutionRecord,
  type StoredValue,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { PlannedTask } from '../core/plan/index.ts';
import { valueProblems } from '../core/schemas/index.ts';
import { afterSettlement, wakeConclude, wakeQueue } from './after-settlement.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';
import type { FollowUps, Outcome } from './follow-up.ts';
import { announceStop, stopForFailure } from './stop-for-failure.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { cleared, releaseLimit, taskWrites } from './writes.ts';

export interface Settlement {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  readonly attempt: number;
  readonly outcome: Outcome;
}

/** Looks what the commit has set in motion. Apart from the settlement, because a failure in here is no failure of the answer. */
type FindFollowUps = () => Promise<FollowUps>;

/** `late`: the attempt is not live any more (settled, timed out, fenced); nothing was changed. */
export type Settled = { readonly late: false; readonly findFollowUps: FindFollowUps } | { readonly late: true };

interface Ending {
  readonly execution: ExecutionRecord;
  readonly workflow: LoadedWorkflow;
  readonly planned: PlannedTask;
  readonly record: TaskRecord;
  readonly attempt: number;
}

/** The only way an attempt ends, whatever ended it: an answer, an error, a timeout, a lost worker. */
export async function settle(ctx: EngineContext, settlement: Settlement): Promise<Settled> {
  return untilCommitted(`Settlement of ${settlement.path}`, async () => {
    const record = await ctx.ledger.findTask(settlement.execution, settlement.path);
    if (record?.attempt?.number !== settlement.attempt) return { late: true };
    const execution = await ctx.getExecution(settlement.execution);
    const workflow = await ctx.getWorkflow(execution);
    const planned = workflow.index.taskAt(record.path);
    const ending = { execution, workflow, planned, record, attempt: settlement.attempt };
    const findFollowUps = await decide(ctx, ending, checked(ctx, ending, settlement.outcome));
    return findFollowUps === AGAIN ? AGAIN : { late: false, findFollowUps };
  });
}

/** An answer that breaks its schema is an error of the agent. */
function checked(ctx: EngineContext, { workflow, planned }: Ending, outcome: Outcome): Outcome {
  if (outcome.kind === 'error') return outcome;
  const schemas = [ctx.getAgentType(workflow, planned.agentType).output, planned.output];
  const problems = schemas.flatMap((schema) => (schema ? valueProblems(schema, outcome.output) : []));
  if (problems.length === 0) return outcome;
  const message = `The answer breaks its schema: ${problems.join('; ')}`;
  return { kind: 'error', error: { name: 'InvalidOutput', message, retryable: false } };
}

async function decide(ctx: EngineContext, ending: Ending, outcome: Outcome): Promise<FindFollowUps | typeof AGAIN> {
  if (outcome.kind === 'output') return succeed(ctx, ending, outcome.output);
  const { execution, planned, attempt } = ending;
  const stopping = isStopped(execution.status);
  const delay = stopping ? undefined : retryDelay(planned.retry, attempt, outcome.error, () => ctx.ids.random());
  return delay === undefined ? fail(ctx, ending, outcome.error) : parkForRetry(ctx, ending, outcome.error, delay);
}

async function succeed(
  ctx: EngineContext,
  { record, attempt }: Ending,
  value: Json,
): Promise<FindFollowUps | typeof AGAIN> {
  const now = ctx.clock.now();
  const output: StoredValue = await ctx.store(value);
  const advanced = advanceTask(
    record,
    (task) => ({ ...cleared(task), status: 'succeeded', output, settledAt: now }),
    [{ type: 'task.completed', data: { attempts: attempt, output } }],
    { now },
  );
  const committed = await ctx.commit([...taskWrites(advanced), ...(await releaseLimit(ctx.ledger, record))]);
  return committed ? () => afterSettlement(ctx, advanced.record) : AGAIN;
}

async function fail(ctx: EngineContext, ending: Ending, error: TaskError): Promise<FindFollowUps | typeof AGAIN> {
  const { record, attempt } = ending;
  const now = ctx.clock.now();
  const advanced = advanceTask(
    record,
    (task) => ({ ...cleared(task), status: 'failed', error, settledAt: now }),
    [{ type: 'task.failed', data: { attempts: attempt, error } }],
    { now },
  );
  const stop = stopForFailure(ending, advanced.record, now);
  const writes = [...taskWrites(advanced), ...(await releaseLimit(ctx.ledger, record)), ...stop];
  if (!(await ctx.commit(writes))) return AGAIN;
  return async () => {
    if (stop.length > 0) await announceStop(ctx, advanced.record);
    return afterSettlement(ctx, advanced.record);
  };
}

/** The same token is parked: a state ends with the final outcome only. What the attempt held is given back at once. */
async function parkForRetry(
  ctx: EngineContext,
  { record, attempt }: Ending,
  error: TaskError,
  delay: number,
): Promise<FindFollowUps | typeof AGAIN> {
  const now = ctx.clock.now();
  const parking = record.parking + 1;
  const cause = { kind: 'retry', attempt: attempt + 1, at: now + delay, error: error.name } as const;
  const advanced = advanceTask(
    record,
    (task) => ({ ...cleared(task), status: 'parked', cause, parking }),
    [
      { type: 'task.retried', data: { attempt, error } },
      { type: 'task.parked', data: { cause } },
    ],
    { now },
  );
  if (!(await ctx.commit([...taskWrites(advanced), ...(await releaseLimit(ctx.ledger, record))]))) return AGAIN;
  return async () => {
    await ctx.timers.schedule({ kind: 'retry', execution: record.execution, path: record.path, parking }, cause.at);
    // Read after the commit, as after a settlement: the execution may have been stopped since the decision to retry.
    const owner = await ctx.getExecution(record.execution);
    return [...(await wakeQueue(ctx, owner)), ...wakeConclude(owner)];
  };
}
