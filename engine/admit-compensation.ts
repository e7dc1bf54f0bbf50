import { evaluateTree, ExpressionError } from '../core/expressions/index.ts';
import { isSettled, untouchedTask, type TaskRecord } from '../core/execution/index.ts';
import { parseCompensationPath, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import { agentLook, takeTurn } from './begin-task.ts';
import { continueTask, takeUp } from './continue-task.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { AgentLook, Look } from './look.ts';
import type { Rooms } from './rooms.ts';
import { scopeOfCompensation } from './scope.ts';
import { failWithoutAttempt } from './settle-without-attempt.ts';
import { untilCommitted, type AGAIN } from './until-committed.ts';

interface Request {
  readonly execution: ExecutionId;
  /** Of the compensation. */
  readonly path: TaskPath;
  readonly resumed?: true;
}

/**
 * Whether a compensation that has begun calls its agent now, waits or goes on. It has no dependencies left to look at: the saga begins it when
 * it is its turn. Only the status of the execution keeps it: what is not compensating undoes nothing.
 */
export async function admitCompensation(ctx: EngineContext, rooms: Rooms, request: Request): Promise<FollowUps> {
  const { execution: id, path } = request;
  const undone = parseCompensationPath(path);
  if (undone === undefined) return [];
  const followUps = await untilCommitted<FollowUps>(`Admission of ${path}`, async () => {
    const execution = await ctx.getExecution(id);
    const task = await ctx.ledger.findTask(id, undone);
    if (execution.status !== 'compensating' || task?.undo !== 'compensating') return [];
    const record = (await ctx.ledger.findTask(id, path)) ?? untouchedTask(id, path);
    if (isSettled(record.status)) return [{ kind: 'conclude', execution: id }];
    const workflow = await ctx.getWorkflow(execution);
    const planned = workflow.index.agentAt(path);
    const isAsked = request.resumed === true;
    const look = { execution, workflow, planned, record, token: undefined, isAsked, after: task.lamport };
    if (record.status === 'running') return takeUp(ctx, look);
    if (record.input) return continueTask(ctx, rooms, look);
    return begin(ctx, rooms, agentLook(ctx, look, planned), task);
  });
  return [...followUps, ...rooms.wake()];
}

async function begin(
  ctx: EngineContext,
  rooms: Rooms,
  look: AgentLook,
  task: TaskRecord,
): Promise<FollowUps | typeof AGAIN> {
  try {
    return await takeTurn(ctx, rooms, look, await ctx.store(await inputOf(ctx, look, task)));
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return failWithoutAttempt(ctx, look, { name: 'InvalidInput', message: error.message });
  }
}

/**
 * What the compensator gets. Everything that its expressions read was recorded before the task's agent was called, save the task's own output,
 * which was recorded when it answered: to evaluate them now gives what evaluating them then would have given.
 */
async function inputOf(ctx: EngineContext, look: Look, task: TaskRecord): Promise<Json> {
  const { input: tree } = look.planned.kind === 'agent' ? look.planned : {};
  if (tree !== undefined) return evaluateTree(tree, await scopeOfCompensation(ctx, look, task, tree));
  return {
    input: task.input ? await ctx.load(task.input) : {},
    output: task.output ? await ctx.load(task.output) : null,
    status: task.status,
  };
}
