import type { TaskError } from '../core/agents/index.ts';
import {
  advanceTask,
  isDoomed,
  forEachOf,
  isStopped,
  type CallCounts,
  type EventBody,
  type ExecutionRecord,
  type Fact,
  type StoredValue,
  type TaskRecord,
} from '../core/execution/index.ts';
import { itemPath, parseItemPath, type TaskPath } from '../core/ids/index.ts';
import type { ForEach, PlannedTask } from '../core/plan/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import type { Amounts } from '../core/resilience/index.ts';
import { afterSettlement } from './after-settlement.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { undoneWrites } from './saga.ts';
import { leaveGates, wakeBehind, wakeForControls, type Report } from './gates/index.ts';
import { announceStop, stopForFailure } from './stop-for-failure.ts';
import { AGAIN } from './until-committed.ts';
import { cleared, leaveParking, taskWrites } from './writes.ts';

/** The task that settles, as a look at the ledger has shown it. */
export interface Settling {
  readonly execution: ExecutionRecord;
  readonly workflow: LoadedWorkflow;
  readonly planned: PlannedTask;
  readonly record: TaskRecord;
  /** Of the state that waits for it, where that is not the record's yet. */
  readonly token?: string | undefined;
  /** The highest Lamport clock of what the settlement rests on. */
  readonly after?: number;
  /** What has happened and was not written yet. */
  readonly before?: readonly Fact[];
  /** What the agent of the attempt that ends says it has used. */
  readonly usage?: Partial<Amounts>;
}

/** What becomes of the record, and the event that says so. */
export interface Ending {
  readonly change: Partial<TaskRecord> & Pick<TaskRecord, 'status'>;
  readonly event: EventBody;
  readonly writes?: readonly LedgerWrite[];
  /** How its live attempt has ended, where the task's status does not tell. */
  readonly report?: Report;
  /** Whether the machine has come to the task's state; default: the task has a token. */
  readonly reached?: boolean;
}

/** The task has done what it was for; what makes no attempts says 0. */
export function succeeded(output: StoredValue, attempts = 0): Ending {
  return { change: { status: 'succeeded', output }, event: { type: 'task.completed', data: { attempts, output } } };
}

export function failed(error: TaskError, attempts = 0): Ending {
  return { change: { status: 'failed', error }, event: { type: 'task.failed', data: { attempts, error } } };
}

/** Settles, and finds at once what follows. */
export async function settleNow(
  ctx: EngineContext,
  settling: Settling,
  ending: Ending,
): Promise<FollowUps | typeof AGAIN> {
  const findFollowUps = await commitSettlement(ctx, settling, ending);
  return findFollowUps === AGAIN ? AGAIN : findFollowUps();
}

/** What the settlement sets in motion; to be asked for once its commit stands. */
export type FindFollowUps = () => Promise<FollowUps>;

/**
 * The one commit by which any task settles: the record and its event, the places and queues that it leaves, its part in a `for_each`,
 * and the stop that its failure may bring. There is no moment in which one of these holds without the others.
 */
export async function commitSettlement(
  ctx: EngineContext,
  settling: Settling,
  { change, event, writes = [], report = reportOf(change), reached }: Ending,
): Promise<FindFollowUps | typeof AGAIN> {
  const { record, token, after, before = [] } = settling;
  const now = ctx.clock.now();
  const left = await leaveGates(ctx, { ...settling, report });
  const advanced = advanceTask(
    record,
    (task) => ({
      ...cleared(task),
      ...change,
      ...decidedBy(before, now),
      settledAt: now,
      ...(token !== undefined && { token }),
    }),
    [...before, ...left.facts, withUsage(event, settling.usage)],
    { now, ...(after !== undefined && { after }) },
  );
  const calls = await advanceCalls(ctx, settling, advanced.record);
  if (calls === AGAIN) return AGAIN;
  const dooms = calls ? calls.dooms : change.status === 'failed';
  const stop = dooms ? stopForFailure(settling, advanced.record, now) : [];
  const committed = await ctx.commit([
    ...taskWrites(advanced),
    ...leaveParking(record),
    ...left.writes,
    ...(calls?.writes ?? []),
    ...(await undoneWrites(ctx, advanced.record)),
    ...writes,
    ...stop,
  ]);
  if (!committed) return AGAIN;
  return async () => {
    const stopping = stop.length > 0 ? await announceStop(ctx, advanced.record) : [];
    const next = (calls?.next ?? []).map((path) => ({ kind: 'admit', execution: record.execution, path }) as const);
    const settled = await afterSettlement(ctx, advanced.record, reached);
    const woken = [
      ...(await wakeForControls(ctx, [...left.writes, ...writes])),
      ...(await wakeBehind(ctx, record.queued)),
    ];
    return [...stopping, ...next, ...settled, ...woken];
  };
}

/** Whoever decides later is told who was first. */
function decidedBy(facts: readonly Fact[], now: number): Pick<TaskRecord, 'decided'> {
  const fact = facts.find(({ type }) => type === 'approval.decided');
  if (fact?.type !== 'approval.decided') return {};
  const { approval, verdict, by, reason } = fact.data;
  const said = { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) };
  return { decided: { approval, verdict, ...said, at: now } };
}

function withUsage(event: EventBody, usage: Settling['usage']): EventBody {
  if (!usage) return event;
  switch (event.type) {
    case 'task.completed':
      return { ...event, data: { ...event.data, usage } };
    case 'task.failed':
      return { ...event, data: { ...event.data, usage } };
    default:
      return event;
  }
}

/** How the attempt ended that may have been live until now. */
function reportOf({ status, error, output }: Ending['change']): Report {
  switch (status) {
    case 'failed':
      return error ? { kind: 'failed', error } : { kind: 'unknown' };
    case 'cancelled':
      return { kind: 'withdrawn' };
    case 'unknown':
      return { kind: 'unknown' };
    default:
      return { kind: 'succeeded', ...(output && { output }) };
  }
}

interface AdvancedCalls {
  readonly writes: readonly LedgerWrite[];
  /** The call that takes the place of the settled one. */
  readonly next: readonly TaskPath[];
  /** This is the failure that no tolerance covers any more. */
  readonly dooms: boolean;
}

/** A call of a `for_each` counts itself, and starts the next one in the same commit. */
async function advanceCalls(
  ctx: EngineContext,
  { execution, planned }: Settling,
  settled: TaskRecord,
): Promise<AdvancedCalls | typeof AGAIN | undefined> {
  const item = parseItemPath(settled.path);
  const forEach = forEachOf(planned);
  if (!item || !forEach) return undefined;
  const container = await ctx.ledger.findTask(settled.execution, item.container);
  if (!container?.calls) return undefined;
  // One failure too many and the stop that it brings are one commit: who counts after that failure must not overlook the stop.
  const { status } = await ctx.getExecution(execution.id);
  if (isStopped(status) && !isStopped(execution.status)) return AGAIN;
  const failed = settled.status === 'failed' ? itemsOfCall(forEach, container.calls, item.index) : 0;
  const counted: CallCounts = {
    ...container.calls,
    settled: container.calls.settled + 1,
    failed: container.calls.failed + failed,
  };
  const mayStart = counted.started < counted.calls && !isDoomed(forEach, counted) && !isStopped(execution.status);
  const calls = mayStart ? { ...counted, started: counted.started + 1 } : counted;
  return {
    writes: [{ kind: 'task', record: { ...container, calls, revision: container.revision + 1 } }],
    next: mayStart ? [itemPath(item.container, counted.started)] : [],
    dooms: failed > 0 && isDoomed(forEach, counted) && !isDoomed(forEach, container.calls),
  };
}

/** Items of one call: one, or as many as its batch has. */
function itemsOfCall({ batch = 1 }: ForEach, { count }: CallCounts, call: number): number {
  return Math.min(batch, count - call * batch);
}
