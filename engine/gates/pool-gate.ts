import type { TaskError } from '../../core/agents/index.ts';
import { poolKey, type Attempt, type Fact, type ParkedEntry } from '../../core/execution/index.ts';
import { parseCompensationPath } from '../../core/ids/index.ts';
import type { PlannedPool } from '../../core/plan/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import { decideSlot, isFree, rankSlots, unusedSlot, type Slot } from '../../core/resilience/index.ts';
import type { EngineContext } from '../engine-context.ts';
import type { FollowUps } from '../follow-up.ts';
import type { AgentLook } from '../look.ts';
import { readControl, type Control } from './control.ts';
import type { Gate, Passage, Report } from './gate.ts';

import { poolControl, POOLS, readSlots, slotControl, slotFolder, type PoolRecord } from './pool-records.ts';
import { entryIn, FAR_BEHIND, frontOfQueue, placeOf } from './shared-queue.ts';

/**
 * A slot of the agent's pool, for as long as the attempt lives. Each slot is a record of its own: two attempts cannot hold it, and no number
 * of holders has to be kept right. Who finds none waits in the pool's queue, in which tasks of all executions stand.
 */
export const poolGate: Gate = {
  async look(ctx, look) {
    const pool = look.workflow.index.plan.agents[look.planned.agent]?.pool;
    if (!pool) return { kind: 'pass', writes: [] };
    const slots = await readSlots(ctx, pool);
    const free = rankSlots(
      pool,
      slots.map(({ value = unusedSlot }) => value),
      () => ctx.ids.random(),
    );
    const entry = entryIn(ctx, look, poolKey(pool.name));
    const { waiting } = await frontOfQueue(ctx, entry.key, { enough: free.length, before: entry });
    // Those ahead have the first choice, so that all who were woken together find different slots.
    const chosen = free[waiting];
    const control = chosen === undefined ? undefined : slots[chosen];
    return chosen !== undefined && control
      ? take(ctx, look, pool, { slot: chosen, control })
      : queue(ctx, look, pool, entry);
  },

  async leave(ctx, { record, report }) {
    const hold = record.attempt?.holds?.pool;
    if (!hold) return { writes: [] };
    const { value: before = unusedSlot, put } = await readControl<Slot>(ctx, slotControl(hold.pool, hold.slot));
    const news = { kind: 'given_back', token: hold.token, answered: hasAnswered(report) } as const;
    const slot = decideSlot(before, news, ctx.clock.now());
    if (slot === before) return { writes: [] };
    const recovery = await recover(ctx, hold.pool);
    return { ...recovery, writes: [put(slot), ...recovery.writes] };
  },

  controls: { folder: POOLS, wake: (ctx, key) => wakePool(ctx, key.split('/')[1] ?? '') },
  queue: { prefix: poolKey(''), wake: (ctx, key) => wakePool(ctx, key.slice(poolKey('').length)) },
};

/** Whether an attempt has the slot that it has taken, if it has taken one: nobody has found it dead meanwhile. */
export async function holdsSlot(ctx: EngineContext, { holds }: Attempt): Promise<boolean> {
  const hold = holds?.pool;
  if (!hold) return true;
  const { value } = await readControl<Slot>(ctx, slotControl(hold.pool, hold.slot));
  return value?.holder !== undefined && value.token === hold.token;
}

interface FreeSlot {
  readonly slot: number;
  readonly control: Control<Slot>;
}

async function take(
  ctx: EngineContext,
  { record }: AgentLook,
  pool: PlannedPool,
  { slot, control: { value: before = unusedSlot, put } }: FreeSlot,
): Promise<Passage> {
  const { execution, path } = record;
  const holder = { execution, path, attempt: record.attempts + 1 };
  const taken = decideSlot(before, { kind: 'taken', holder }, ctx.clock.now());
  const hold = { pool: pool.name, slot, token: taken.token };
  const known = await readControl<PoolRecord>(ctx, poolControl(pool.name));
  const described = isDescribed(pool, known.value)
    ? []
    : [known.put(recordOf(pool, known.value?.isSaturated ?? false))];
  return { kind: 'pass', holds: { pool: hold }, writes: [put(taken), ...described] };
}

async function queue(ctx: EngineContext, look: AgentLook, pool: PlannedPool, entry: ParkedEntry): Promise<Passage> {
  const { name, capacity, maxQueue } = pool;
  const { key, arrival } = entry;
  const { cause: before } = look.record;
  const { value, put } = await readControl<PoolRecord>(ctx, poolControl(name));
  const isNews = value?.isSaturated !== true;
  const facts: readonly Fact[] = isNews ? [{ type: 'pool.saturated', data: { pool: name, capacity } }] : [];
  const saturated = put(recordOf(pool, true));
  if (before?.kind === 'pool' && before.pool === name) {
    return { kind: 'park', key, arrival, cause: before, facts, writes: isNews ? [saturated] : [] };
  }
  const queued = await ctx.ledger.listParked(key, Math.max(maxQueue ?? 0, FAR_BEHIND));
  const isNew = !queued.some(({ execution, path }) => execution === entry.execution && path === entry.path);
  const mayRefuse = isNew && parseCompensationPath(entry.path) === undefined;
  if (maxQueue !== undefined && mayRefuse && queued.length >= maxQueue)
    return { kind: 'reject', error: queueFull(pool), writes: [] };
  const cause = { kind: 'pool', pool: name, capacity, position: placeOf(queued, entry) + 1 } as const;
  // Where the queue has an end, all who enter it write the pool's record: two of them do not both find the last place free.
  const writes = isNews || (maxQueue !== undefined && isNew) ? [saturated] : [];
  return { kind: 'park', key, arrival, cause, facts, writes };
}

function hasAnswered({ kind }: Report): boolean {
  return kind === 'succeeded' || kind === 'failed';
}

/** A slot comes free, and nobody waits for it. */
async function recover(
  ctx: EngineContext,
  pool: string,
): Promise<{ writes: readonly LedgerWrite[]; facts: readonly Fact[] }> {
  const { value, put } = await readControl<PoolRecord>(ctx, poolControl(pool));
  if (!value?.isSaturated || (await ctx.ledger.listParked(poolKey(pool), 1)).length > 0)
    return { writes: [], facts: [] };
  return { writes: [put({ ...value, isSaturated: false })], facts: [{ type: 'pool.recovered', data: { pool } }] };
}

/** As many of its queue as it has free slots, not only one for the slot that was given back: two that give theirs back at once would both wake the same one. */
async function wakePool(ctx: EngineContext, pool: string): Promise<FollowUps> {
  const slots = await ctx.ledger.listControls(slotFolder(pool));
  // Whoever waits has seen all slots that his workflow knows held or closed, so there is a record of each.
  const free = slots.filter(({ value }) => isFree(value as Slot)).length;
  const { entries } = await frontOfQueue(ctx, poolKey(pool), { enough: free });
  return entries.map(({ execution, path }) => ({ kind: 'admit', execution, path }) as const);
}

function recordOf({ capacity, instances, strategy, maxQueue }: PlannedPool, isSaturated: boolean): PoolRecord {
  return { capacity, instances, strategy, isSaturated, ...(maxQueue !== undefined && { maxQueue }) };
}

function isDescribed({ capacity, instances, strategy, maxQueue }: PlannedPool, known: PoolRecord | undefined): boolean {
  return (
    known?.capacity === capacity &&
    known.instances === instances &&
    known.strategy === strategy &&
    known.maxQueue === maxQueue
  );
}

function queueFull({ name, capacity, maxQueue = 0 }: PlannedPool): TaskError {
  return {
    name: 'PoolQueueFull',
    message: `All ${capacity} slots of the pool ${name} are held, and ${maxQueue} tasks wait already.`,
  };
}
