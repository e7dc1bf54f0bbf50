import { advanceTask, type TaskRecord } from '../core/execution/index.ts';
import { wakeQueues } from './after-settlement.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { leaveGates, wakeForControls } from './gates/index.ts';
import type { Look } from './look.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { cleared, taskWrites } from './writes.ts';

/**
 * Takes back an intent that a pause has overtaken: its agent was not called, so it was no attempt, and gives its places back. Not where
 * somebody else has taken the intent over meanwhile: then it is theirs to call.
 */
export async function withdrawForPause(
  ctx: EngineContext,
  { workflow, planned }: Look,
  { execution, path, events }: TaskRecord,
  by: string,
): Promise<FollowUps> {
  const written = await untilCommitted(`Withdrawal of ${path}`, async () => {
    const record = await ctx.ledger.findTask(execution, path);
    // Nothing has happened to it since. Only a state that asks may have bound its token, which is no event.
    if (record?.events !== events) return [];
    const now = ctx.clock.now();
    const cause = { kind: 'pause', by, at: now } as const;
    const left = await leaveGates(ctx, { workflow, planned, record, report: { kind: 'withdrawn' } });
    const advanced = advanceTask(
      record,
      (task) => ({
        ...cleared(task),
        status: 'parked',
        cause,
        attempts: task.attempts - 1,
        parking: task.parking + 1,
      }),
      [...left.facts, { type: 'task.parked', data: { cause } }],
      { now },
    );
    return (await ctx.commit([...taskWrites(advanced), ...left.writes])) ? left.writes : AGAIN;
  });
  // Read after the commit: the pause may have ended before anybody could see that this task is parked.
  const owner = await ctx.getExecution(execution);
  return [
    ...(owner.paused ? [] : [{ kind: 'admit', execution, path } as const]),
    ...(await wakeQueues(ctx, owner, path)),
    ...(await wakeForControls(ctx, written)),
  ];
}
