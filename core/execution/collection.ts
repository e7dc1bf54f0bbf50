import type { TaskError } from '../agents/index.ts';
import { isSettled, type SettledTaskStatus } from './status.ts';
import type { StoredValue, TaskRecord } from './record.ts';

/** How a fan-out ends, once its last item has settled. */
export interface Collection {
  readonly status: SettledTaskStatus;
  /** The items' outputs in order; undefined for an item without one. */
  readonly outputs: readonly (StoredValue | undefined)[];
  /** Of the first failed item. */
  readonly error?: TaskError;
  readonly why?: string;
  /** The highest Lamport clock among the items. */
  readonly lamport: number;
}

const worstFirst = ['failed', 'unknown', 'cancelled', 'upstream_failed'] as const satisfies SettledTaskStatus[];

/** Undefined while an item is missing or unsettled. */
export function collectItems(items: readonly (TaskRecord | undefined)[]): Collection | undefined {
  const records = items.filter((item) => item !== undefined);
  if (records.length < items.length || !records.every((record) => isSettled(record.status))) return undefined;
  const worst = worstFirst.find((status) => records.some((record) => record.status === status));
  const allSkipped = records.every((record) => record.status === 'skipped');
  const status = worst ?? (allSkipped ? 'skipped' : 'succeeded');
  const first = records.find((record) => record.status === status);
  return {
    status,
    outputs: records.map((record) => record.output),
    ...(first?.error && { error: first.error }),
    ...(first?.why !== undefined && { why: first.why }),
    lamport: Math.max(...records.map((record) => record.lamport)),
  };
}
