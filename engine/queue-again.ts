import { advanceTask, poolKey } from '../core/execution/index.ts';
import { wakeQueues } from './after-settlement.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { entryIn, leaveGates, placeOf, wakeForControls } from './gates/index.ts';
import type { AgentLook } from './look.ts';
import { AGAIN } from './until-committed.ts';
import { cleared, taskWrites } from './writes.ts';

/**
 * An attempt whose process has died, and whose slot somebody else has got meanwhile: its agent has died with it, so that it was no attempt. The
 * task waits for a slot again, with all that it held given back.
 */
export async function queueAgain(ctx: EngineContext, look: AgentLook): Promise<FollowUps | typeof AGAIN> {
  const { execution, record, token, workflow, planned } = look;
  const pool = workflow.index.plan.agents[planned.agent]?.pool;
  if (!pool) return [];
  const entry = entryIn(ctx, look, poolKey(pool.name));
  const before = await ctx.ledger.listParked(entry.key, Number.MAX_SAFE_INTEGER);
  const cause = {
    kind: 'pool',
    pool: pool.name,
    capacity: pool.capacity,
    position: placeOf(before, entry) + 1,
  } as const;
  const left = await leaveGates(ctx, { workflow, planned, record, report: { kind: 'unknown' } });
  const advanced = advanceTask(
    record,
    (task) => ({
      ...cleared(task),
      status: 'parked',
      cause,
      queued: entry,
      attempts: task.attempts - 1,
      parking: task.parking + 1,
      ...(token !== undefined && { token }),
    }),
    [...left.facts, { type: 'task.parked', data: { cause } }],
    { now: ctx.clock.now(), after: look.after },
  );
  if (!(await ctx.commit([...taskWrites(advanced), { kind: 'park', entry }, ...left.writes]))) return AGAIN;
  return [
    { kind: 'admit', execution: execution.id, path: record.path, resumed: true },
    ...(await wakeQueues(ctx, execution, record.path)),
    ...(await wakeForControls(ctx, left.writes)),
  ];
}
