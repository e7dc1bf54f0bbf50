import { isTerminal, type ExecutionRecord, type QueuePlace } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { announceEnd } from './announce-end.ts';
import { endQueued } from './end-queued.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { liveChildren } from './live-children.ts';
import { holdersFor, takerOf } from './turns.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

/** Executions that one look follows; what waits for more than so many others is left to a person. */
const MOST_FOLLOWED = 500;

/**
 * A child may wait for a place that its own parent has, or another execution whose child waits as well: none of them would ever end. The child
 * that closes such a circle comes into the queue last, and looks around after that: it is the one that fails, and its parent's task with it.
 */
export async function refuseDeadlock(ctx: EngineContext, id: ExecutionId): Promise<FollowUps> {
  const circle = await findCircle(ctx, id);
  if (!circle) return [];
  const ended = await untilCommitted(`Deadlock of ${id}`, async () => {
    const record = await ctx.getExecution(id);
    const queued = record.status === 'queued' ? record.turn?.queued : undefined;
    if (!queued) return undefined;
    const error = { name: 'ChildDeadlock', message: messageOf(record.workflow, queued, circle) };
    return (await endQueued(ctx, record, { status: 'failed', error })) ?? AGAIN;
  });
  return ended ? announceEnd(ctx, ended) : [];
}

const MOST_NAMED = 5;

function messageOf(workflow: string, { limit, size, value = '' }: QueuePlace, holders: readonly ExecutionId[]): string {
  const what = limit === 'key' ? `its key ${value}` : size === 1 ? 'the one place' : `all ${size} places`;
  const named = holders.slice(0, MOST_NAMED).join(', ') + (holders.length > MOST_NAMED ? ', …' : '');
  return `It waits for ${what} of ${workflow}, held by ${named}, which cannot end before it.`;
}

/** Who has what the execution waits for, when none of them can end before it begins; undefined: one of them can. */
async function findCircle(ctx: EngineContext, id: ExecutionId): Promise<readonly ExecutionId[] | undefined> {
  const waits = new Map<ExecutionId, readonly ExecutionId[]>();
  const below = new Map<ExecutionId, readonly ExecutionId[]>();
  const open: ExecutionId[] = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (waits.has(next) || below.has(next)) continue;
    if (waits.size + below.size >= MOST_FOLLOWED) return undefined;
    const record = await ctx.ledger.findExecution(next);
    const holders = record && (await holdersOf(ctx, record));
    if (holders) waits.set(next, holders);
    else below.set(next, record && !isTerminal(record.status) ? await childrenOf(ctx, next) : []);
    open.push(...(waits.get(next) ?? below.get(next) ?? []));
  }
  const stuck = stuckAmong(waits, below);
  return stuck.has(id) ? waits.get(id) : undefined;
}

/**
 * Those that wait and can never begin. Taken out, until nobody is left to take out: who waits for somebody that has no stuck one below it,
 * because that one may end.
 */
function stuckAmong(
  waits: ReadonlyMap<ExecutionId, readonly ExecutionId[]>,
  below: ReadonlyMap<ExecutionId, readonly ExecutionId[]>,
): ReadonlySet<ExecutionId> {
  const stuck = new Set(waits.keys());
  const isHeld = (id: ExecutionId): boolean => stuck.has(id) || (below.get(id) ?? []).some(isHeld);
  for (let before = -1; before !== stuck.size;) {
    before = stuck.size;
    for (const [id, holders] of waits) if (!holders.every(isHeld)) stuck.delete(id);
  }
  return stuck;
}

/** Of one that is queued, who has what it waits for; undefined: it does not wait, or not for one of them to end. */
async function holdersOf(ctx: EngineContext, record: ExecutionRecord): Promise<readonly ExecutionId[] | undefined> {
  const { turns } = (await ctx.getWorkflow(record)).index.plan;
  if (record.status !== 'queued' || !turns) return undefined;
  return holdersFor(ctx.ledger, takerOf(record, turns));
}

async function childrenOf(ctx: EngineContext, id: ExecutionId): Promise<readonly ExecutionId[]> {
  return liveChildren(await ctx.ledger.listTasks(id));
}
