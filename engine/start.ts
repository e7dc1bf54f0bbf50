import type { ExecutionId } from '../core/ids/index.ts';
import { isTerminal } from '../core/execution/index.ts';
import { ConflictError } from '../core/errors/index.ts';
import { createExecution, type StartRequest } from './create-execution.ts';
import type { EngineContext } from './engine-context.ts';

/** Accepts an execution and starts its machine. Once this resolves, the execution reaches exactly one terminal status. */
export async function start(ctx: EngineContext, request: StartRequest): Promise<ExecutionId> {
  const { id } = await createExecution(ctx, ctx.ids.executionId(), request);
  await ctx.machines.start(id, { name: request.workflow, version: request.version }, {});
  return id;
}

/**
 * Takes up an execution whose process has died: its machine runs again from the start, and the ledger answers what is settled.
 * Throws ConflictError (`execution_ended`) for one that has ended.
 */
export async function resume(ctx: EngineContext, id: ExecutionId): Promise<void> {
  const { status, workflow, version } = await ctx.getExecution(id);
  if (isTerminal(status)) {
    throw new ConflictError({
      code: 'execution_ended',
      message: `Execution ${id} has already ended: ${status}.`,
      hint: 'Start it anew with `skein run`.',
    });
  }
  await ctx.machines.start(id, { name: workflow, version }, {});
}
