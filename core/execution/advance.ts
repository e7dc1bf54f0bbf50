import type { ExecutionId, TaskPath } from '../ids/index.ts';
import type { EventBody, SkeinEvent } from './event.ts';
import type { ExecutionRecord, TaskRecord } from './record.ts';

/** When a fact happens, and after what: its Lamport clock exceeds `after` and the record's own. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly after?: number;
}

export interface Advanced<Kind> {
  readonly record: Kind;
  readonly events: readonly SkeinEvent[];
}

/** A task nobody has touched: revision 0 means that there is nothing in the ledger. */
export function untouchedTask(execution: ExecutionId, path: TaskPath): TaskRecord {
  return { execution, path, status: 'pending', attempts: 0, parking: 0, lamport: 0, events: 0, revision: 0 };
}

/** The record after `change`, with the events of it: the two are always written together. */
export function advanceTask(
  record: TaskRecord,
  change: (record: TaskRecord) => TaskRecord,
  bodies: readonly Fact[],
  moment: Moment,
): Advanced<TaskRecord> {
  const events = stamp(record, record.path, bodies, moment);
  return { record: { ...change(record), ...counters(record, events) }, events };
}

export function advanceExecution(
  record: ExecutionRecord,
  change: Partial<ExecutionRecord>,
  bodies: readonly Fact[],
  moment: Moment,
): Advanced<ExecutionRecord> {
  const events = stamp({ ...record, execution: record.id }, '', bodies, moment);
  return { record: { ...record, ...change, ...counters(record, events) }, events };
}

/** What has happened; `time`, in epoch milliseconds, where that was before the moment in which it is written. */
export type Fact = EventBody & { readonly time?: number };

interface Counted {
  readonly lamport: number;
  readonly events: number;
  readonly revision: number;
}

function counters(record: Counted, events: readonly SkeinEvent[]): Counted {
  return {
    lamport: events.at(-1)?.lamport ?? record.lamport,
    events: record.events + events.length,
    revision: record.revision + 1,
  };
}

function stamp(
  record: Counted & { readonly execution: ExecutionId },
  path: TaskPath | '',
  bodies: readonly Fact[],
  moment: Moment,
): readonly SkeinEvent[] {
  const floor = Math.max(record.lamport, moment.after ?? 0);
  return bodies.map((body, i) => ({
    execution: record.execution,
    path,
    n: record.events + i + 1,
    lamport: floor + i + 1,
    time: moment.now,
    ...body,
  }));
}
