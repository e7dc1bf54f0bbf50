import type { ExecutionId } from '../core/ids/index.ts';
import { isSettled, isTerminal, type ExecutionRecord, type TaskRecord } from '../core/execution/index.ts';
import { ConflictError } from '../core/errors/index.ts';
import { createExecution, type StartRequest } from './create-execution.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { letInFront } from './let-in.ts';
import { completePause } from './pause.ts';

/**
 * Accepts an execution and starts its machine. Once this resolves, the execution reaches exactly one terminal status. Who gives the same
 * id again starts nothing twice: it is the way to repeat a start of which nobody knows whether it was accepted. Throws what createExecution throws.
 */
export async function start(
  ctx: EngineContext,
  request: StartRequest,
  wanted: ExecutionId = ctx.ids.executionId(),
): Promise<{ readonly execution: ExecutionId; readonly followUps: FollowUps }> {
  const record = await createExecution(ctx, wanted, { ...request, mayRefuse: true });
  const { id, status } = record;
  if (status === 'queued') return { execution: id, followUps: await letInFront(ctx, record) };
  if (!isTerminal(status)) await ctx.machines.start(id, { name: request.workflow, version: request.version }, {});
  return { execution: id, followUps: [] };
}

/**
 * Takes up an execution whose process has died: its machine runs again from the start, and the ledger answers what is settled.
 * Throws ConflictError (`execution_ended`) for one that has ended.
 */
export async function resume(ctx: EngineContext, id: ExecutionId): Promise<FollowUps> {
  const execution = await ctx.getExecution(id);
  if (!isTerminal(execution.status)) return runAgain(ctx, execution);
  throw new ConflictError({
    code: 'execution_ended',
    message: `Execution ${id} has already ended: ${execution.status}.`,
    hint: 'Start it anew with `skein run`.',
  });
}

/** As above for a child; one that has ended meanwhile needs nothing more. */
export async function resumeChild(ctx: EngineContext, id: ExecutionId): Promise<FollowUps> {
  const execution = await ctx.getExecution(id);
  return isTerminal(execution.status)
    ? []
    : [{ kind: 'share_pause', execution: id }, ...(await runAgain(ctx, execution))];
}

async function runAgain(ctx: EngineContext, record: ExecutionRecord): Promise<FollowUps> {
  const { id, workflow, version } = record;
  if (record.status === 'queued' && !record.turn?.begun) return letInFront(ctx, record);
  const ofPause = await completePause(ctx, id);
  await ctx.machines.start(id, { name: workflow, version }, {});
  const tasks = await ctx.ledger.listTasks(id);
  return [
    ...ofPause,
    ...tasks
      .filter(isAheadOfMachine)
      .map(({ path }) => ({ kind: 'admit', execution: id, path, resumed: true }) as const),
  ];
}

/**
 * Woken before its machine came to its state. The machine may come there only after tasks that wait for the place which this
 * one holds, or which it is the first to get: so it has to be taken up by itself. One that waits for dependencies has no place.
 */
function isAheadOfMachine({ token, attempt, cause, status, child, calls }: TaskRecord): boolean {
  if (token !== undefined || isSettled(status)) return false;
  const hasBegun = attempt !== undefined || child !== undefined || calls !== undefined;
  return hasBegun || (cause !== undefined && cause.kind !== 'dependency');
}
