import { MAX_PARALLEL, type Advanced, type ExecutionRecord, type TaskRecord } from '../core/execution/index.ts';
import type { TaskPath } from '../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../core/ports/index.ts';

/** A task's record and its events: never one without the other. */
export function taskWrites({ record, events }: Advanced<TaskRecord>): readonly LedgerWrite[] {
  return [{ kind: 'task', record }, ...events.map((event) => ({ kind: 'event', event }) as const)];
}

export function executionWrites({ record, events }: Advanced<ExecutionRecord>): readonly LedgerWrite[] {
  return [{ kind: 'execution', record }, ...events.map((event) => ({ kind: 'event', event }) as const)];
}

/** Takes a task out of every list in which its last parking has put it. */
export function leaveParking({ execution, path, cause, queued }: TaskRecord): readonly LedgerWrite[] {
  const watched = cause?.kind === 'dependency' ? cause.tasks : [];
  return [
    ...watched.map((producer) => ({ kind: 'unwatch', watch: { execution, producer, consumer: path } }) as const),
    ...(queued ? [{ kind: 'unpark', entry: queued } as const] : []),
  ];
}

/** The record without what only a parked or running task has. */
export function cleared(record: TaskRecord): TaskRecord {
  const { cause, queued, attempt, ...rest } = record;
  return rest;
}

/** Gives the place of a task in `max_parallel` back; nothing when it holds none. */
export async function releaseLimit(ledger: LedgerStore, task: TaskRecord): Promise<readonly LedgerWrite[]> {
  const record = await ledger.findLimit(task.execution, MAX_PARALLEL);
  if (!record?.holders.includes(task.path)) return [];
  const holders = record.holders.filter((path: TaskPath) => path !== task.path);
  return [{ kind: 'limit', record: { ...record, holders, revision: record.revision + 1 } }];
}
