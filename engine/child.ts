import { ConflictError, EngineError } from '../core/errors/index.ts';
import {
  advanceTask,
  childExecutionId,
  isSettled,
  isTerminal,
  isStopped,
  type ExecutionRecord,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { ChildTask } from '../core/plan/index.ts';
import { valueProblems } from '../core/schemas/index.ts';
import { createExecution, refuseInput } from './create-execution.ts';
import { refuseDeadlock } from './deadlock.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUp, FollowUps } from './follow-up.ts';
import { refuseDepth } from './gates/index.ts';
import { letInFront } from './let-in.ts';
import type { Look } from './look.ts';
import { failed, settleNow, succeeded, type Ending } from './settlement.ts';
import { failWithoutAttempt } from './settle-without-attempt.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { cleared, leaveParking, taskWrites } from './writes.ts';

type Result = Promise<FollowUps | typeof AGAIN>;

/** Executions within one another. Versions are fixed when a plan is made, so this many mean a design gone wrong, not a cycle. */
const DEEPEST = 16;

/**
 * Starts the task's child execution. The task says so first, then the child is created under an id that follows from the task: whoever
 * repeats this after a crash meets the same child.
 */
export async function startChild(ctx: EngineContext, look: Look, planned: ChildTask, input: Json): Result {
  const { execution, record, token, after } = look;
  const depth = (execution.depth ?? 0) + 1;
  if (depth > DEEPEST) {
    const message = `This would be execution number ${depth} within one another; ${DEEPEST} is the limit.`;
    return failWithoutAttempt(ctx, look, { name: 'ChildTooDeep', message });
  }
  const tooDeep = await refuseDepth(ctx, execution, depth);
  if (tooDeep) return failWithoutAttempt(ctx, look, tooDeep.error, tooDeep);
  const refused = await problemWith(ctx, planned, input);
  if (refused !== undefined) return failWithoutAttempt(ctx, look, { name: 'InvalidInput', message: refused });
  const child = childExecutionId(execution.id, record.path);
  const stored = await ctx.store(input);
  const advanced = advanceTask(
    record,
    (task) => ({ ...cleared(task), status: 'running', child, input: stored, ...(token !== undefined && { token }) }),
    [{ type: 'task.started', data: { attempt: 0, child } }],
    { now: ctx.clock.now(), after },
  );
  if (!(await ctx.commit([...taskWrites(advanced), ...leaveParking(record)]))) return AGAIN;
  return runChild(ctx, advanced.record, planned);
}

/** Creates the child where it is missing, starts its machine, and settles the task when the child has ended already. */
export async function runChild(ctx: EngineContext, task: TaskRecord, planned: ChildTask): Promise<FollowUps> {
  const { execution, path, child } = task;
  if (child === undefined) return [];
  const owner = await ctx.getExecution(execution);
  const existing = await ctx.ledger.findExecution(child);
  if (existing && isTerminal(existing.status)) return [{ kind: 'child_ended', execution, path }];
  const record = existing ?? (await createChild(ctx, { task, owner, planned, child }));
  if (record instanceof ConflictError) return refuseChild(ctx, task, record.message);
  const taken: FollowUp[] = existing ? [{ kind: 'resume', execution: child }] : [];
  if (record.status === 'queued') {
    taken.push(...(await letInFront(ctx, record)), ...(await refuseDeadlock(ctx, child)));
  } else if (!existing) await ctx.machines.start(child, planned.workflow, {});
  // The intent stands before this read, and a stop writes before it looks for children: one of the two sees the other.
  const now = await ctx.getExecution(execution);
  if (!isStopped(now.status) || now.stopping?.drain === true) return taken;
  return [...taken, { kind: 'stop', execution: child, by: execution }];
}

interface Birth {
  readonly task: TaskRecord;
  readonly owner: ExecutionRecord;
  readonly planned: ChildTask;
  readonly child: ExecutionId;
}

/** The child's record; the error where its workflow lets nobody wait (`on_limit: reject`). */
async function createChild(
  ctx: EngineContext,
  { task: { execution, path, input }, owner, planned, child }: Birth,
): Promise<ExecutionRecord | ConflictError> {
  const { name: workflow, version } = planned.workflow;
  const request = {
    workflow,
    version,
    input: input ? await ctx.load(input) : {},
    parent: { execution, path },
    depth: (owner.depth ?? 0) + 1,
    mayRefuse: true,
    ...(owner.budgets && { budgets: owner.budgets }),
    ...(planned.timeout !== undefined && { timeout: planned.timeout }),
  };
  try {
    return await createExecution(ctx, child, request);
  } catch (error) {
    if (error instanceof ConflictError && error.code === 'too_many_executions') return error;
    throw error;
  }
}

/** The task fails without a child. */
async function refuseChild(ctx: EngineContext, { execution, path }: TaskRecord, message: string): Promise<FollowUps> {
  return untilCommitted(`Refusal of the child of ${path}`, async () => {
    const record = await ctx.ledger.findTask(execution, path);
    if (!record || isSettled(record.status)) return [];
    const owner = await ctx.getExecution(execution);
    const workflow = await ctx.getWorkflow(owner);
    const settling = { execution: owner, workflow, planned: workflow.index.taskAt(path), record };
    return settleNow(ctx, settling, failed({ name: 'ChildRefused', message }));
  });
}

/** The task whose child has ended ends as its child did. */
export async function settleChild(ctx: EngineContext, execution: ExecutionId, path: TaskPath): Promise<FollowUps> {
  return untilCommitted(`Settlement of ${path}`, async () => {
    const record = await ctx.ledger.findTask(execution, path);
    if (record?.child === undefined || isSettled(record.status)) return [];
    const child = await ctx.getExecution(record.child);
    if (!isTerminal(child.status)) return [];
    const owner = await ctx.getExecution(execution);
    const workflow = await ctx.getWorkflow(owner);
    const planned = workflow.index.taskAt(path);
    const schema = planned.kind === 'workflow' ? planned.output : undefined;
    const problems =
      schema && child.output && child.status === 'succeeded' ? valueProblems(schema, await ctx.load(child.output)) : [];
    const settling = { execution: owner, workflow, planned, record, after: child.lamport };
    return settleNow(ctx, settling, endingOf(child, problems, isStopped(owner.status)));
  });
}

function endingOf(child: ExecutionRecord, problems: readonly string[], stopping: boolean): Ending {
  if (problems.length > 0) {
    return failed({ name: 'InvalidOutput', message: `The child's output breaks its schema: ${problems.join('; ')}` });
  }
  if (child.status === 'succeeded') return succeeded(child.output ?? { inline: null });
  const { status, stopping: why } = child;
  if (stopping && (status === 'cancelled' || (status === 'compensated' && why?.reason === 'cancel'))) {
    return {
      change: { status: 'cancelled' },
      event: { type: 'task.cancelled', data: { status: 'cancelled', attempts: 0 } },
    };
  }
  const message = `Execution ${child.id} ended ${child.status}: ${child.error?.message ?? ''}`;
  return failed({ name: 'ChildFailed', message });
}

/** Why the child would refuse to start with this input; undefined when it would not. */
async function problemWith(ctx: EngineContext, { workflow }: ChildTask, input: Json): Promise<string | undefined> {
  try {
    await refuseInput(ctx, { workflow: workflow.name, version: workflow.version, input });
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}
