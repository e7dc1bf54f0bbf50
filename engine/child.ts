import { EngineError } from '../core/errors/index.ts';
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
import { checkedInput, createExecution } from './create-execution.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { refuseDepth } from './gates/index.ts';
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
  const { name: workflow, version } = planned.workflow;
  const existing = await ctx.ledger.findExecution(child);
  if (!existing) {
    await createExecution(ctx, child, {
      workflow,
      version,
      input: task.input ? await ctx.load(task.input) : {},
      parent: { execution, path },
      depth: (owner.depth ?? 0) + 1,
      ...(owner.budgets && { budgets: owner.budgets }),
      ...(planned.timeout !== undefined && { timeout: planned.timeout }),
    });
  }
  if (existing && isTerminal(existing.status)) return [{ kind: 'child_ended', execution, path }];
  if (!existing) await ctx.machines.start(child, { name: workflow, version }, {});
  const taken = existing ? [{ kind: 'resume', execution: child } as const] : [];
  // The intent stands before this read, and a stop writes before it looks for children: one of the two sees the other.
  const now = await ctx.getExecution(execution);
  if (!isStopped(now.status) || now.stopping?.drain === true) return taken;
  return [...taken, { kind: 'stop', execution: child, by: execution }];
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
  if (stopping && child.status === 'cancelled') {
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
    await checkedInput(ctx, { workflow: workflow.name, version: workflow.version, input });
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
}
