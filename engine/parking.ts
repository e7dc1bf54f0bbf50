import {
  advanceTask,
  decideJoin,
  isSettled,
  limitKey,
  watchesNeeded,
  type Cause,
  type Edge,
  type ParkedEntry,
  type StoredValue,
} from '../core/execution/index.ts';
import { memberPath, regionOf, type TaskPath } from '../core/ids/index.ts';
import type { AgentCapacity, LedgerWrite } from '../core/ports/index.ts';
import { bindToken } from './bind-token.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { AgentLook, Look } from './look.ts';
import type { Rooms } from './rooms.ts';
import { AGAIN } from './until-committed.ts';
import { wakeQueues } from './after-settlement.ts';
import { cleared, leaveParking, limitsOf, taskWrites, type Limit } from './writes.ts';

/** A commit has at most 100 writes. Of a larger quorum not all are watched; every producer asks such a task when it settles. */
const MOST_WATCHES = 40;

type Parked = FollowUps | typeof AGAIN;

export interface Parking {
  readonly cause: Cause;
  readonly queued?: ParkedEntry;
  readonly input?: StoredValue;
  /** Leaves the queues of the parking before, and enters those that make somebody wake this task. */
  readonly writes: readonly LedgerWrite[];
}

export async function park(ctx: EngineContext, look: Look, parking: Parking): Promise<boolean> {
  const { record, token } = look;
  const advanced = advanceTask(
    record,
    (task) => ({
      ...cleared(task),
      status: 'parked',
      cause: parking.cause,
      parking: task.parking + 1,
      ...(parking.queued && { queued: parking.queued }),
      ...(parking.input && { input: parking.input }),
      ...(token !== undefined && { token }),
    }),
    [{ type: 'task.parked', data: { cause: parking.cause } }],
    { now: ctx.clock.now(), after: look.after },
  );
  return ctx.commit([...taskWrites(advanced), ...parking.writes]);
}

/**
 * Puts the watches, then strongly reads the producers again: one that settled in between has looked for watches before these
 * were there, so this side has to notice.
 */
export async function parkForDependencies(ctx: EngineContext, look: Look, edges: readonly Edge[]): Promise<Parked> {
  const { execution, record, planned } = look;
  const producerOf = ({ task }: Edge) => memberPath(regionOf(record.path), task);
  const unsettled = edges.filter((edge) => !isSettled(edge.status)).map(producerOf);
  const needed = Math.min(MOST_WATCHES, watchesNeeded(planned.join, edges));
  const watched = pick(unsettled, needed, () => ctx.ids.random());
  const before = record.cause?.kind === 'dependency' ? record.cause.tasks : [];
  const watch = (producer: TaskPath) => ({ execution: execution.id, producer, consumer: record.path });
  const writes: readonly LedgerWrite[] = [
    ...before.filter((it) => !watched.includes(it)).map((it) => ({ kind: 'unwatch', watch: watch(it) }) as const),
    ...watched.filter((it) => !before.includes(it)).map((it) => ({ kind: 'watch', watch: watch(it) }) as const),
  ];

  const parked = await park(ctx, look, { cause: { kind: 'dependency', tasks: watched }, writes });
  if (!parked) return AGAIN;
  const paths = edges.map(producerOf);
  const now = (await ctx.ledger.findTasks(execution.id, paths)).map((producer) => producer?.status ?? 'pending');
  const seen = edges.map((edge, i) => ({ ...edge, status: now[i] ?? edge.status }));
  const missed = paths.some((path, i) => watched.includes(path) && isSettled(now[i] ?? 'pending'));
  return missed || decideJoin(planned.join, seen, look.workflow.index.plan.onSkip).kind !== 'wait' ? AGAIN : [];
}

/** `count` different items, at random, so that no producer is watched by everybody. */
function pick(items: readonly TaskPath[], count: number, random: () => number): readonly TaskPath[] {
  const rest = [...items];
  return Array.from({ length: Math.min(count, rest.length) }, () => {
    const [chosen] = rest.splice(Math.floor(random() * rest.length), 1);
    return chosen;
  }).filter((item) => item !== undefined);
}

export type Turn =
  { readonly kind: 'go'; readonly writes: readonly LedgerWrite[] } | { readonly kind: 'wait'; readonly limit: Limit };

/** Whether the task may take a place of each of its limits now: there is one, and nobody has waited for it longer. */
export async function findTurn(ctx: EngineContext, { execution, workflow, record }: Look): Promise<Turn> {
  const writes: LedgerWrite[] = [];
  for (const limit of limitsOf(workflow.index, record.path)) {
    const held = await ctx.ledger.findLimit(execution.id, limit.name);
    const holders = held?.holders ?? [];
    const free = limit.size - holders.length;
    if (free <= 0) return { kind: 'wait', limit };
    const queue = await ctx.ledger.listParked(limitKey(execution.id, limit.name), free + 1);
    const mine = queue.findIndex((entry) => entry.path === record.path);
    const ahead = mine === -1 ? queue.length : mine;
    if (ahead >= free) return { kind: 'wait', limit };
    const next = {
      execution: execution.id,
      limit: limit.name,
      holders: [...holders, record.path],
      revision: (held?.revision ?? 0) + 1,
    };
    writes.push({ kind: 'limit', record: next });
  }
  return { kind: 'go', writes };
}

/**
 * As with dependencies: the entry first, then another look, because the place may have come free in between. A task that was woken
 * for a place of one limit and now waits for another one leaves the first place to who is next.
 */
export async function parkForTurn(ctx: EngineContext, look: Look, input: StoredValue, limit: Limit): Promise<Parked> {
  const { record, execution } = look;
  const key = limitKey(execution.id, limit.name);
  if (record.queued?.key === key) {
    if (!(await bindToken(ctx, look))) return AGAIN;
    return (await findTurn(ctx, look)).kind === 'go' ? AGAIN : [];
  }
  const entry = { key, execution: execution.id, path: record.path, arrival: ctx.clock.now() };
  const cause = { kind: 'concurrency', limit: limit.name, size: limit.size } as const;
  const writes = [...leaveParking(record), { kind: 'park', entry } as const];
  if (!(await park(ctx, look, { cause, queued: entry, input, writes }))) return AGAIN;
  if ((await findTurn(ctx, look)).kind === 'go') return AGAIN;
  return record.queued ? wakeQueues(ctx, execution, record.path) : [];
}

/** A place that comes free before the task stands in the queue is not missed: every admission ends by looking who has room. */
export async function parkForWorker(
  ctx: EngineContext,
  rooms: Rooms,
  look: AgentLook,
  { input, capacity }: { input: StoredValue; capacity: AgentCapacity },
): Promise<Parked> {
  const cause = { kind: 'concurrency', limit: capacity.limit, size: capacity.size } as const;
  const task = { execution: look.execution.id, path: look.record.path };
  if (!(await park(ctx, look, { cause, input, writes: leaveParking(look.record) }))) return AGAIN;
  rooms.wait(capacity.limit, look.agentType, task);
  return [];
}
