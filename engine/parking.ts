import { isDeepStrictEqual } from 'node:util';
import {
  advanceTask,
  decideJoin,
  dueAt,
  isSettled,
  patienceWhile,
  watchesNeeded,
  type Cause,
  type Edge,
  type Fact,
  type ParkedEntry,
  type Patience,
  type StoredValue,
  type TaskRecord,
} from '../core/execution/index.ts';
import { memberPath, parseCompensationPath, regionOf, type TaskPath } from '../core/ids/index.ts';
import type { AgentCapacity, LedgerWrite } from '../core/ports/index.ts';
import { QUEUE_TIMEOUT } from '../core/resilience/index.ts';
import { bindToken } from './bind-token.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import type { AgentLook, Look } from './look.ts';
import type { Rooms } from './rooms.ts';
import { AGAIN } from './until-committed.ts';
import { wakeQueues } from './after-settlement.ts';
import { lookThroughGates, wakeBehind, wakeForControls, type Passage } from './gates/index.ts';
import { cleared, leaveParking, taskWrites } from './writes.ts';

/** A commit has at most 100 writes. Of a larger quorum not all are watched; every producer asks such a task when it settles. */
const MOST_WATCHES = 40;

type Parked = FollowUps | typeof AGAIN;

export interface Parking {
  readonly cause: Cause;
  readonly queued?: ParkedEntry;
  readonly input?: StoredValue;
  /** What has happened besides. */
  readonly facts?: readonly Fact[];
  /** Leaves the queues of the parking before, and enters those that make somebody wake this task. */
  readonly writes: readonly LedgerWrite[];
}

export async function park(ctx: EngineContext, look: Look, parking: Parking): Promise<boolean> {
  const { record, token } = look;
  const patience = patienceOf(ctx, look, parking.cause);
  const advanced = advanceTask(
    record,
    (task) => ({
      ...cleared(task),
      status: 'parked',
      cause: parking.cause,
      parking: task.parking + 1,
      ...(parking.queued && { queued: parking.queued }),
      ...(patience && { patience }),
      ...(parking.input && { input: parking.input }),
      ...(token !== undefined && { token }),
    }),
    [...(parking.facts ?? []), { type: 'task.parked', data: { cause: parking.cause } }],
    { now: ctx.clock.now(), after: look.after },
  );
  return ctx.commit([...taskWrites(advanced), ...parking.writes]);
}

/** What is left to a task that goes on waiting, or begins to. */
function patienceOf(ctx: EngineContext, { record, execution, planned }: Look, cause: Cause): Patience | undefined {
  // What was done has to be undone, however long it takes to get there.
  if (parseCompensationPath(record.path) !== undefined) return undefined;
  const seconds = (planned.kind === 'agent' ? planned.queueTimeout : undefined) ?? QUEUE_TIMEOUT;
  return patienceWhile(cause, record.patience, { execution, now: ctx.clock.now(), queueTimeout: seconds * 1000 });
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

/**
 * As with dependencies: the entry first, then another look, because what the gate misses may have come meanwhile. A task that was woken at
 * one gate and now waits at another leaves the first one's place to who is next.
 */
export async function parkAtGate(
  ctx: EngineContext,
  look: AgentLook,
  input: StoredValue,
  gate: Extract<Passage, { kind: 'park' }>,
): Promise<Parked> {
  const { record, execution } = look;
  const { key, cause, writes, facts = [], arrival = ctx.clock.now() } = gate;
  const stays = record.queued?.key === key;
  const patience = patienceOf(ctx, look, cause);
  const isSame = isDeepStrictEqual(record.cause, cause) && isDeepStrictEqual(record.patience, patience);
  if (stays && isSame && writes.length === 0) {
    if (!(await bindToken(ctx, look))) return AGAIN;
    if (look.isAsked) await wakeInTime(ctx, record, { cause, patience });
  } else {
    const mine = { key, execution: execution.id, path: record.path, arrival };
    const queued = record.queued?.key === key ? record.queued : mine;
    const moves = stays ? [] : [...leaveParking(record), { kind: 'park', entry: queued } as const];
    if (!(await park(ctx, look, { cause, queued, input, facts, writes: [...moves, ...writes] }))) return AGAIN;
    await wakeInTime(ctx, { ...record, parking: record.parking + 1 }, { cause, patience });
  }
  const next = await lookThroughGates(ctx, { ...look, input });
  const left = record.queued && !stays ? await wakeWhereLeft(ctx, look, record.queued) : [];
  if (next.kind === 'park' && isDeepStrictEqual(next.cause, cause))
    return [...(await wakeForControls(ctx, writes)), ...left];
  // What is woken must not be forgotten with this look.
  return left.length === 0 ? AGAIN : [...left, { kind: 'admit', execution: execution.id, path: record.path }];
}

async function wakeWhereLeft(ctx: EngineContext, { execution, record }: Look, left: ParkedEntry): Promise<FollowUps> {
  return [...(await wakeQueues(ctx, execution, record.path)), ...(await wakeBehind(ctx, left))];
}

interface Reasons {
  readonly cause: Cause;
  readonly patience: Patience | undefined;
}

/** At the time that the cause names, if it names one, the task looks again by itself; and when its patience is used up. */
async function wakeInTime(
  ctx: EngineContext,
  { execution, path, parking }: TaskRecord,
  { cause, patience }: Reasons,
): Promise<void> {
  for (const at of [dueAt(cause), patience && 'until' in patience ? patience.until : undefined]) {
    if (at !== undefined) await ctx.timers.schedule({ kind: 'wake', execution, path, parking }, at);
  }
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
  return wakeBehind(ctx, look.record.queued);
}
