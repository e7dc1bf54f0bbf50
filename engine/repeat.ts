import { isSettled, isTerminal, membersOf, type ExecutionRecord, type TaskRecord } from '../core/execution/index.ts';
import { assertNever } from '../core/errors/index.ts';
import { itemPath, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import { afterSettlement, wakeConclude, wakeQueues } from './after-settlement.ts';
import { announceEnd } from './announce-end.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { wakeForControl } from './gates/index.ts';
import { letInFront } from './let-in.ts';
import { completePause } from './pause.ts';
import { wakeForEvent } from './publish-event.ts';
import { rejectOneToken, signalStop } from './stop-for-failure.ts';

/** What somebody has written; only where it stands is told, and what it is now is read. */
export type Change =
  | { readonly kind: 'execution'; readonly execution: ExecutionId }
  | { readonly kind: 'task'; readonly execution: ExecutionId; readonly path: TaskPath }
  | { readonly kind: 'control'; readonly key: string }
  | { readonly kind: 'bus_event'; readonly type: string };

/**
 * What follows from a change, found again in the ledger: wake-ups, answers to states, starts of machines. Whoever has made the change
 * has set the same in motion, and the second time it acts on nothing. Calls of agents and timers are not repeated here: they cost something
 * each time, and the sweeper sees when one is missing.
 */
export async function repeat(ctx: EngineContext, change: Change): Promise<FollowUps> {
  switch (change.kind) {
    case 'execution': {
      const record = await ctx.ledger.findExecution(change.execution);
      return record ? ofExecution(ctx, record) : [];
    }
    case 'task': {
      const record = await ctx.ledger.findTask(change.execution, change.path);
      return record ? ofTask(ctx, record) : [];
    }
    case 'control':
      return wakeForControl(ctx, change.key);
    case 'bus_event':
      return wakeForEvent(ctx, change.type);
    default:
      return assertNever(change, 'Change');
  }
}

async function ofExecution(ctx: EngineContext, record: ExecutionRecord): Promise<FollowUps> {
  const { id, status, workflow: name, version, concludeToken } = record;
  if (isTerminal(status)) return announceEnd(ctx, record);
  if (status === 'queued') return letInFront(ctx, record);
  // One that was stopped before its machine was started needs one all the same: only its conclude state ends it.
  const needsMachine = status === 'planning' || (status === 'stopping' && concludeToken === undefined);
  if (needsMachine) await ctx.machines.start(id, { name, version }, {});
  if (status === 'paused') return completePause(ctx, id);
  if (status === 'compensating') return [{ kind: 'conclude', execution: id }];
  if (status !== 'stopping') return [];
  const followUps = await signalStop(ctx, id);
  await rejectOneToken(ctx, id);
  return [...followUps, { kind: 'conclude', execution: id }];
}

async function ofTask(ctx: EngineContext, record: TaskRecord): Promise<FollowUps> {
  const { execution, path, status, cause, calls, iterated } = record;
  const owner = await ctx.getExecution(execution);
  if (isSettled(status)) {
    const planned = (await ctx.getWorkflow(owner)).index.taskAt(path);
    // Groups have no state of their own: where the machine is, their members know.
    const isContainer = membersOf(path, planned, { ...record, status: 'running' }) !== undefined;
    return afterSettlement(ctx, record, isContainer || record.token !== undefined);
  }
  // An attempt has failed, and what it held is free.
  if (cause?.kind === 'retry') return [...(await wakeQueues(ctx, owner, path)), ...wakeConclude(owner)];
  if (iterated !== undefined && status === 'running') return [{ kind: 'iterate', token: iterated }];
  // The call that took the place of the one that settled.
  if (calls && calls.started > 0) return [{ kind: 'admit', execution, path: itemPath(path, calls.started - 1) }];
  return [];
}
