import type { Collection, EventBody, StoredValue, TaskRecord } from '../core/execution/index.ts';
import { taskIdOf, taskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { settleNow, type Settling } from './settlement.ts';
import type { AGAIN } from './until-committed.ts';

/** Those of a container that exist, settled. */
export type Members = readonly (TaskRecord | undefined)[];

/** A container ends as its members have. */
export async function settleContainer(
  ctx: EngineContext,
  settling: Settling,
  members: Members,
  collection: Collection,
): Promise<FollowUps | typeof AGAIN> {
  const { planned, record } = settling;
  const { status, error, why, lamport } = collection;
  const keepsOutput = status === 'succeeded' || status === 'failed';
  const output = keepsOutput ? await outputOf(ctx, settling, members) : undefined;
  // Groups have no state of their own, and neither have the fan-outs of agents: there the members' states tell.
  const isAsked = planned.kind === 'loop' || record.calls !== undefined;
  const reached = isAsked ? record.token !== undefined : members.some((member) => member?.token !== undefined);
  return settleNow(
    ctx,
    { ...settling, after: lamport },
    {
      change: {
        status,
        ...(output && { output }),
        ...(error && { error }),
        ...(why !== undefined && { why }),
      },
      event: settlingEvent(collection, output),
      reached,
    },
  );
}

/** Of a group or a loop an object by the members' ids, else a list in order; null where a member has no output. */
async function outputOf(
  ctx: EngineContext,
  { planned, record, workflow }: Settling,
  members: Members,
): Promise<StoredValue> {
  const values = await Promise.all(members.map(async (member) => (member?.output ? ctx.load(member.output) : null)));
  if (planned.kind === 'group' || planned.kind === 'loop') {
    const named = members.map((member, i) => [member ? taskIdOf(member.path) : '', values[i] ?? null] as const);
    return ctx.store(Object.fromEntries(named.filter(([id]) => !isCheckpoint(workflow, id))));
  }
  const missing = (record.calls?.calls ?? 0) - values.length;
  return ctx.store([...values, ...Array.from({ length: Math.max(0, missing) }, (): Json => null)]);
}

/** The author knows of no such member. */
function isCheckpoint({ index }: Settling['workflow'], id: string): boolean {
  return index.taskAt(taskPath(id)).kind === 'checkpoint';
}

/** A container makes no attempts of its own: 0. */
function settlingEvent({ status, error, why }: Collection, output: StoredValue | undefined): EventBody {
  switch (status) {
    case 'succeeded':
      return { type: 'task.completed', data: { attempts: 0, output: output ?? { inline: null } } };
    case 'failed':
      return {
        type: 'task.failed',
        data: { attempts: 0, error: error ?? { name: 'AgentFailure', message: 'A task in it failed.' } },
      };
    case 'skipped':
    case 'upstream_failed':
      return { type: 'task.skipped', data: { status, why: why ?? 'all its tasks were skipped' } };
    case 'cancelled':
    case 'unknown':
      return { type: 'task.cancelled', data: { status, attempts: 0 } };
  }
}
