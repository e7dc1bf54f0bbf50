import type { ExecutionId } from '../core/ids/index.ts';
import { isSettled, isTerminal, type ExecutionRecord, type TaskRecord } from '../core/execution/index.ts';
import { ConflictError } from '../core/errors/index.ts';
import { createExecution, tryToCreate, type StartRequest } from './create-execution.ts';
import type { EngineContext } from './engine-context.ts';
import { enter } from './entry.ts';
import type { FollowUps } from './follow-up.ts';
import { completePause } from './pause.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

/**
 * Accepts an execution and starts its machine. Once this resolves, the execution reaches exactly one terminal status. Who gives the same
 * id again starts nothing twice: it is the way to repeat a start of which nobody knows whether it was accepted. Throws what `enter` throws.
 */
export async function start(
  ctx: EngineContext,
  request: StartRequest,
  wanted: ExecutionId = ctx.ids.executionId(),
): Promise<ExecutionId> {
  const { id, status } = await createEntered(ctx, wanted, request);
  if (isTerminal(status)) return id;
  await ctx.machines.start(id, { name: request.workflow, version: request.version }, {});
  return id;
}

/** Entry is decided by the commit that creates the execution: of two that race for one place, one looks again. */
function createEntered(ctx: EngineContext, id: ExecutionId, request: StartRequest): Promise<ExecutionRecord> {
  const { entry } = request;
  if (!entry) return createExecution(ctx, id, request);
  return untilCommitted(`Start of ${id}`, async () => {
    const known = await ctx.ledger.findExecution(id);
    if (known) return known;
    const beside = await enter(ctx.ledger, { id, workflow: request.workflow, entry });
    return (await tryToCreate(ctx, id, { ...request, beside })) ?? AGAIN;
  });
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

async function runAgain(ctx: EngineContext, { id, workflow, version }: ExecutionRecord): Promise<FollowUps> {
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
