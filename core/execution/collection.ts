import type { TaskError } from '../agents/index.ts';
import type { ForEach } from '../plan/index.ts';
import type { PlanIndex } from './plan-index.ts';
import type { CallCounts, TaskRecord } from './record.ts';
import { isSettled, type SettledTaskStatus } from './status.ts';

/** How a container ends. */
export interface Collection {
  readonly status: SettledTaskStatus;
  readonly error?: TaskError;
  readonly why?: string;
  /** The highest Lamport clock among those it collects. */
  readonly lamport: number;
}

type Records = readonly (TaskRecord | undefined)[];

const worstFirst = ['failed', 'unknown', 'cancelled', 'upstream_failed'] as const satisfies SettledTaskStatus[];

/** How a `parallel: true` task ends. Undefined while an item is missing or unsettled. */
export function collectItems(items: Records): Collection | undefined {
  const records = settled(items);
  if (!records) return undefined;
  const worst = worstFirst.find((status) => records.some((record) => record.status === status));
  const allSkipped = records.every((record) => record.status === 'skipped');
  const status = worst ?? (allSkipped ? 'skipped' : 'succeeded');
  const first = records.find((record) => record.status === status);
  return {
    status,
    ...(first?.error && { error: first.error }),
    ...(first?.why !== undefined && { why: first.why }),
    lamport: highestLamport(records),
  };
}

/** How a group, or an iteration of a loop, ends. Undefined while a member is missing or unsettled. */
export function collectMembers(members: Records, index: PlanIndex): Collection | undefined {
  const records = settled(members);
  if (!records) return undefined;
  const lamport = highestLamport(records);
  const [first, ...others] = records
    .filter((record) => record.status === 'failed' && !index.taskAt(record.path).continueOnFailure)
    .sort(byOrder);
  if (first) return { status: 'failed', error: errorOfMember(first, others.length), lamport };
  const stopped = (['unknown', 'cancelled'] as const).find((status) =>
    records.some((record) => record.status === status),
  );
  if (stopped) return { status: stopped, lamport };
  const allSkipped = records.every((record) => record.status === 'skipped');
  return allSkipped
    ? { status: 'skipped', why: 'all its tasks were skipped', lamport }
    : { status: 'succeeded', lamport };
}

/** How many items of a list may fail without failing the whole. */
export function toleratedItems({ tolerate }: ForEach, count: number): number {
  return 'items' in tolerate ? tolerate.items : Math.floor((tolerate.percent / 100) * count);
}

/** Whether a `for_each` has failed already, whatever becomes of the rest. */
export function isDoomed(forEach: ForEach, { failed, count }: CallCounts): boolean {
  return failed > toleratedItems(forEach, count);
}

/** Whether nothing of a `for_each` is left: what was started has settled, and nothing further will be. */
export function isExhausted(forEach: ForEach, counts: CallCounts, stopping: boolean): boolean {
  const startsNoMore = counts.started === counts.calls || stopping || isDoomed(forEach, counts);
  return startsNoMore && counts.settled === counts.started;
}

/** How an exhausted `for_each` ends; `calls` are those that were started, in order. */
export function collectCalls(forEach: ForEach, counts: CallCounts, calls: Records): Collection {
  const records = calls.filter((record) => record !== undefined);
  const lamport = highestLamport(records);
  if (isDoomed(forEach, counts)) {
    const [first] = records.filter((record) => record.status === 'failed');
    return { status: 'failed', ...(first && { error: errorOfMember(first, 0) }), lamport };
  }
  const stopped = (['unknown', 'cancelled'] as const).find((status) =>
    records.some((record) => record.status === status),
  );
  if (stopped) return { status: stopped, lamport };
  return { status: counts.started < counts.calls ? 'cancelled' : 'succeeded', lamport };
}

/** The error of a container or an execution, from the failure of one of its tasks. */
export function errorOfMember({ path, error }: TaskRecord, others: number): TaskError {
  const more = others > 0 ? ` (and ${others} more failed)` : '';
  return { name: error?.name ?? 'AgentFailure', message: `Task ${path} failed: ${error?.message ?? ''}${more}` };
}

export function byOrder(a: TaskRecord, b: TaskRecord): number {
  return a.lamport - b.lamport || (a.path < b.path ? -1 : 1);
}

function settled(members: Records): readonly TaskRecord[] | undefined {
  const records = members.filter((member) => member !== undefined);
  return records.length === members.length && records.every(({ status }) => isSettled(status)) ? records : undefined;
}

function highestLamport(records: readonly TaskRecord[]): number {
  return records.reduce((highest, { lamport }) => Math.max(highest, lamport), 0);
}
