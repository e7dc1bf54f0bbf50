import { controlPlace, type ControlRecord } from '../core/execution/index.ts';
import { executionId, taskPath, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import { decideSlot, type Slot } from '../core/resilience/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { POOLS, slotControl, slotFolder, wakeForControl } from './gates/index.ts';
import type { Sweep } from './sweep.ts';

/**
 * Looks after the slots of all pools of the tenant. An attempt gives its slot back in the commit that ends it, so there is nothing to find;
 * but a slot that were lost would be lost for ever. One sweep marks it, and the next one takes it back. Whether the holder lives
 * says its attempt in the ledger: an agent that is silent loses that first, by its own clocks. One that has died with an earlier engine has
 * lost it, although its attempt stands there until somebody resumes its execution: that one then waits for a slot like others.
 */
export async function sweepPools(
  ctx: EngineContext,
  run: (followUps: FollowUps) => Promise<void>,
  { every }: Sweep,
): Promise<readonly string[]> {
  const finds: string[] = [];
  for (const { key } of await ctx.ledger.listControls(POOLS)) {
    for (const record of await ctx.ledger.listControls(slotFolder(controlPlace(key).name))) {
      if (!(await sweepSlot(ctx, record, every / 2))) continue;
      finds.push(`slot ${record.key}`);
      await run(await wakeForControl(ctx, record.key));
    }
  }
  return finds;
}

/** True when the slot was taken back. Whoever takes it or gives it back meanwhile wins. */
async function sweepSlot(
  ctx: EngineContext,
  { key, value, revision }: ControlRecord,
  patience: number,
): Promise<boolean> {
  // Whoever writes into this folder writes slots.
  const before = value as Slot;
  if (!before.holder) return false;
  const isLive = await holdsIt(ctx, key, before);
  const slot = decideSlot(before, { kind: 'swept', isLive, patience }, ctx.clock.now());
  if (slot === before) return false;
  const written = await ctx.commit([{ kind: 'control', record: { key, value: slot, revision: revision + 1 } }]);
  return written && slot.holder === undefined;
}

async function holdsIt(ctx: EngineContext, key: string, { holder, token }: Slot): Promise<boolean> {
  if (!holder) return false;
  const execution = executionId(holder.execution);
  const task = await ctx.ledger.findTask(execution, taskPath(holder.path));
  const hold = task?.attempt?.holds?.pool;
  if (!task?.attempt || !hold || hold.token !== token || key !== slotControl(hold.pool, hold.slot)) return false;
  return task.attempt.engine === ctx.engineId || outlivesEngine(ctx, execution, task.path);
}

/** Where agents die with the process that has called them, an attempt of another process is dead, whoever may take it up later. */
async function outlivesEngine(ctx: EngineContext, id: ExecutionId, path: TaskPath): Promise<boolean> {
  const execution = await ctx.ledger.findExecution(id);
  if (!execution) return false;
  const workflow = await ctx.getWorkflow(execution);
  return ctx.agents.outlivesEngine(ctx.getAgentType(workflow, workflow.index.agentAt(path).agentType));
}
