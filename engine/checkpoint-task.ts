import {
  approvalIdOf,
  checkpointIdOf,
  type Cause,
  type ExecutionRecord,
  type Fact,
  type Recovery,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { CheckpointTask, PlannedApproval } from '../core/plan/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import { bindToken } from './bind-token.ts';
import { withCheckpoint } from './checkpoint.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import { park } from './parking.ts';
import { failed, settleNow, succeeded } from './settlement.ts';
import { AGAIN } from './until-committed.ts';
import { executionWrites } from './writes.ts';

type Result = Promise<FollowUps | typeof AGAIN>;
type Asking = Extract<Cause, { kind: 'approval' }>;

/** The task before it has succeeded: the checkpoint is written, and in the same commit people are asked, or the next tasks let go on. */
export async function beginCheckpoint(ctx: EngineContext, look: Look, { approve }: CheckpointTask): Result {
  const writes = await checkpointWrites(ctx, look, approve !== undefined);
  if (!approve) return settleNow(ctx, look, { ...succeeded(await ctx.store(null)), writes });
  const { execution, path, parking } = look.record;
  const cause = askingOf(look.record, approve, ctx.clock.now());
  const { approval, roles, assignees, until } = cause;
  const who = { ...(roles && { roles }), ...(assignees && { assignees }) };
  const asked: Fact = { type: 'approval.requested', data: { approval, deadline: until, ...who } };
  if (!(await park(ctx, look, { cause, facts: [asked], writes }))) return AGAIN;
  await ctx.timers.schedule({ kind: 'wake', execution, path, parking: parking + 1 }, until);
  return [];
}

/** Its time is up, or its state was entered anew: a crash forgets timers. */
export async function continueCheckpoint(
  ctx: EngineContext,
  look: Look,
  { approve }: CheckpointTask,
  cause: Asking,
): Result {
  const now = ctx.clock.now();
  if (approve && now >= cause.until) return settleOverdue(ctx, look, approve, cause);
  if (!(await bindToken(ctx, look))) return AGAIN;
  const { execution, path, parking } = look.record;
  if (look.isAsked) await ctx.timers.schedule({ kind: 'wake', execution, path, parking }, cause.until);
  return [];
}

async function checkpointWrites(
  ctx: EngineContext,
  { execution, record }: Look,
  asks: boolean,
): Promise<readonly LedgerWrite[]> {
  const checkpoint = checkpointIdOf(execution.id, execution.events + 1);
  const tasks = await ctx.ledger.listTasks(execution.id);
  const recovery = recoveryOf(ctx, execution, asks);
  return executionWrites(await withCheckpoint(ctx, execution, { checkpoint, task: record.path, recovery, tasks }));
}

function recoveryOf({ resumeUrl }: EngineContext, { id }: ExecutionRecord, asks: boolean): Recovery {
  const goesOn = asks ? 'The execution goes on when somebody has approved it' : 'The execution goes on by itself';
  return {
    text: `${goesOn}; where its process has died, it is resumed, and what has settled stays settled.`,
    command: `skein resume ${id}`,
    ...(resumeUrl && { url: resumeUrl(id) }),
  };
}

/** The number of the parking tells this question from one that was asked before. */
function askingOf(
  { execution, path, parking }: TaskRecord,
  { roles, assignees, timeout }: PlannedApproval,
  now: number,
): Asking {
  return {
    kind: 'approval',
    approval: approvalIdOf({ execution, path, attempt: parking + 1 }),
    ...(roles && { roles }),
    ...(assignees && { assignees }),
    at: now,
    until: now + timeout * 1000,
  };
}

/** Nobody has decided by the deadline. */
async function settleOverdue(
  ctx: EngineContext,
  look: Look,
  { onTimeout, timeout }: PlannedApproval,
  { approval }: Asking,
): Result {
  const verdict = onTimeout === 'approve' ? 'approved' : 'rejected';
  const decided: Fact = { type: 'approval.decided', data: { approval, verdict } };
  const ending =
    verdict === 'approved'
      ? succeeded(await ctx.store(null))
      : failed({ name: 'Rejected', message: `Nobody has decided within ${timeout} s.` });
  return settleNow(ctx, { ...look, before: [decided] }, ending);
}
