import { assertNever } from '../core/errors/index.ts';
import { isTerminal } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { answerState } from './answer-state.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { onTimer } from './on-timer.ts';
import { findOverdue, type Overdue } from './overdue.ts';
import { repeat } from './repeat.ts';

/** How patient the sweeper is. Milliseconds. */
export interface Sweep {
  /** What is due for longer was lost. */
  readonly grace: number;
  /** Between two sweeps of one execution. */
  readonly every: number;
}

interface Swept {
  readonly execution: ExecutionId;
  readonly patience: Sweep;
}

/**
 * Does what is overdue in an execution. What it answers is what has made a difference: whatever else it tried would have happened by
 * itself, or has happened.
 */
export async function sweep(
  ctx: EngineContext,
  run: (followUps: FollowUps) => Promise<void>,
  { execution: id, patience }: Swept,
): Promise<readonly string[]> {
  const execution = await ctx.ledger.findExecution(id);
  if (!execution || isTerminal(execution.status)) return [];
  const { index } = await ctx.getWorkflow(execution);
  const tasks = await ctx.ledger.listTasks(id);
  const finds: string[] = [];
  for (const overdue of findOverdue({ execution, tasks, index, now: ctx.clock.now(), ...patience })) {
    if (await mend(ctx, run, { execution: id, overdue })) finds.push(nameOf(overdue));
  }
  return finds;
}

/** True when it has made a difference. */
async function mend(
  ctx: EngineContext,
  run: (followUps: FollowUps) => Promise<void>,
  { execution, overdue }: { readonly execution: ExecutionId; readonly overdue: Overdue },
): Promise<boolean> {
  if (overdue.kind === 'answer') return tell(ctx, overdue.followUp);
  const before = await revisionOf(ctx, execution, overdue);
  await run(await followUpsOf(ctx, overdue));
  return (await revisionOf(ctx, execution, overdue)) !== before;
}

type Doing = Exclude<Overdue, { kind: 'answer' }>;

async function followUpsOf(ctx: EngineContext, overdue: Doing): Promise<FollowUps> {
  switch (overdue.kind) {
    case 'timer':
      return onTimer(ctx, overdue.timer);
    case 'change':
      return repeat(ctx, overdue.change);
    case 'follow_up':
      return [overdue.followUp];
    default:
      return assertNever(overdue, 'Overdue');
  }
}

/** True when a state had waited for it. */
function tell(ctx: EngineContext, followUp: Extract<Overdue, { kind: 'answer' }>['followUp']): Promise<boolean> {
  if (followUp.kind === 'answer') return answerState(ctx, followUp);
  return ctx.tokens.succeed(followUp.token, { status: 'running', again: true });
}

async function revisionOf(ctx: EngineContext, execution: ExecutionId, { path }: Doing): Promise<number> {
  const record = await (path === '' ? ctx.ledger.findExecution(execution) : ctx.ledger.findTask(execution, path));
  return record?.revision ?? 0;
}

function nameOf({ kind, path, ...what }: Overdue): string {
  if ('timer' in what) return `${what.timer.kind} ${path}`.trim();
  return `${'followUp' in what ? what.followUp.kind : kind} ${path}`.trim();
}
