import {
  advanceTask,
  decideJoin,
  isSettled,
  limitKey,
  MAX_PARALLEL,
  watchesNeeded,
  type Cause,
  type Edge,
  type ParkedEntry,
  type StoredValue,
} from '../core/execution/index.ts';
import { taskPath, type TaskPath } from '../core/ids/index.ts';
import type { AgentCapacity, LedgerWrite } from '../core/ports/index.ts';
import { bindToken } from './bind-token.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { Look } from './look.ts';
import type { Rooms } from './rooms.ts';
import { AGAIN } from './until-committed.ts';
import { cleared, leaveParking, taskWrites } from './writes.ts';

type Parked = FollowUps | typeof AGAIN;

interface Parking {
  readonly cause: Cause;
  readonly queued?: ParkedEntry;
  readonly input?: StoredValue;
  /** Leaves the queues of the parking before, and enters those that make somebody wake this task. */
  readonly writes: readonly LedgerWrite[];
}

async function park(ctx: EngineContext, look: Look, parking: Parking): Promise<boolean> {
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
  const unsettled = edges.filter((edge) => !isSettled(edge.status)).map((edge) => taskPath(edge.task));
  const watched = pick(unsettled, watchesNeeded(planned.join, edges), () => ctx.ids.random());
  const before = record.cause?.kind === 'dependency' ? record.cause.tasks : [];
  const watch = (producer: TaskPath) => ({ execution: execution.id, producer, consumer: record.path });
  const writes: readonly LedgerWrite[] = [
    ...before.filter((it) => !watched.includes(it)).map((it) => ({ kind: 'unwatch', watch: watch(it) }) as const),
    ...watched.filter((it) => !before.includes(it)).map((it) => ({ kind: 'watch', watch: watch(it) }) as const),
  ];

  const parked = await park(ctx, look, { cause: { kind: 'dependency', tasks: watched }, writes });
  if (!parked) return AGAIN;
  const paths = edges.map((edge) => taskPath(edge.task));
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

interface Limit {
  readonly key: string;
  readonly name: string;
  readonly size: number;
}

export type Turn =
  { readonly kind: 'go'; readonly writes: readonly LedgerWrite[] } | { readonly kind: 'wait'; readonly limit: Limit };

/** Whether the task may take a place in `max_parallel` now: there is one, and nobody has waited for it longer. */
export async function findTurn(ctx: EngineContext, { execution, workflow, record }: Look): Promise<Turn> {
  const size = workflow.index.plan.maxParallel;
  if (size === undefined) return { kind: 'go', writes: [] };
  const limit = { key: limitKey(execution.id), name: MAX_PARALLEL, size };
  const held = await ctx.ledger.findLimit(execution.id, MAX_PARALLEL);
  const holders = held?.holders ?? [];
  const free = size - holders.length;
  if (free <= 0) return { kind: 'wait', limit };

  const queue = await ctx.ledger.listParked(limit.key, free + 1);
  const mine = queue.findIndex((entry) => entry.path === record.path);
  const ahead = mine === -1 ? queue.length : mine;
  if (ahead >= free) return { kind: 'wait', limit };
  const next = {
    execution: execution.id,
    limit: MAX_PARALLEL,
    holders: [...holders, record.path],
    revision: (held?.revision ?? 0) + 1,
  };
  return { kind: 'go', writes: [{ kind: 'limit', record: next }] };
}

/** As with dependencies: the entry first, then another look, because the place may have come free in between. */
export async function parkForTurn(ctx: EngineContext, look: Look, input: StoredValue, limit: Limit): Promise<Parked> {
  const { record, execution } = look;
  if (!record.queued) {
    const entry = { key: limit.key, execution: execution.id, path: record.path, arrival: ctx.clock.now() };
    const cause = { kind: 'concurrency', limit: limit.name, size: limit.size } as const;
    const writes = [...leaveParking(record), { kind: 'park', entry } as const];
    const parked = await park(ctx, look, { cause, queued: entry, input, writes });
    if (!parked) return AGAIN;
  } else if (!(await bindToken(ctx, look))) {
    return AGAIN;
  }
  return (await findTurn(ctx, look)).kind === 'go' ? AGAIN : [];
}

/** A place that comes free before the task stands in the queue is not missed: every admission ends by looking who has room. */
export async function parkForWorker(
  ctx: EngineContext,
  rooms: Rooms,
  look: Look,
  { input, capacity }: { input: StoredValue; capacity: AgentCapacity },
): Promise<Parked> {
  const cause = { kind: 'concurrency', limit: capacity.limit, size: capacity.size } as const;
  const task = { execution: look.execution.id, path: look.record.path };
  if (!(await park(ctx, look, { cause, input, writes: leaveParking(look.record) }))) return AGAIN;
  rooms.wait(capacity.limit, look.agentType, task);
  return [];
}
