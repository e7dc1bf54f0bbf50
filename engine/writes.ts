import type { Advanced, ExecutionRecord, TaskRecord } from '../core/execution/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';

/** A task's record and its events: never one without the other. */
export function taskWrites({ record, events }: Advanced<TaskRecord>): readonly LedgerWrite[] {
  return [{ kind: 'task', record }, ...events.map((event) => ({ kind: 'event', event }) as const)];
}

export function executionWrites({ record, events }: Advanced<ExecutionRecord>): readonly LedgerWrite[] {
  return [{ kind: 'execution', record }, ...events.map((event) => ({ kind: 'event', event }) as const)];
}

/** Takes a task out of every list in which its last parking has put it. */
export function leaveParking({ execution, path, cause, queued }: TaskRecord): readonly LedgerWrite[] {
  const own = cause?.kind === 'pause' ? cause.before : cause;
  const watched = own?.kind === 'dependency' ? own.tasks : [];
  return [
    ...watched.map((producer) => ({ kind: 'unwatch', watch: { execution, producer, consumer: path } }) as const),
    ...(queued ? [{ kind: 'unpark', entry: queued } as const] : []),
  ];
}

/** The record without what only a parked or running task has. */
export function cleared(record: TaskRecord): TaskRecord {
  const { cause, queued, patience, attempt, ...rest } = record;
  return rest;
}
