import type { TaskError } from '../agents/index.ts';
import type { Cause, ExecutionStatus, StopReason, StoredValue, TaskStatus } from '../execution/index.ts';
import type { ExecutionId, TaskPath } from '../ids/index.ts';

/** One task as people see it. Times are epoch milliseconds. */
export interface TaskView {
  readonly path: TaskPath;
  /** Lamport clock of its first event: it orders the list, whoever delivered first. */
  readonly firstLamport: number;
  readonly status: TaskStatus;
  readonly agent?: string;
  readonly attempts: number;
  readonly cause?: Cause;
  /** Of the first attempt. */
  readonly startedAt?: number;
  readonly settledAt?: number;
  readonly output?: StoredValue;
  readonly error?: TaskError;
  readonly why?: string;
}

/** An execution as people see it: a fold of its events, never edited. */
export interface ExecutionView {
  readonly execution: ExecutionId;
  readonly workflow: string;
  readonly version: string;
  readonly status: ExecutionStatus;
  readonly reason?: StopReason;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly input: StoredValue;
  readonly output?: StoredValue;
  readonly error?: TaskError;
  /** Tasks that anything has happened to, in order of their first event: by (lamport, path). */
  readonly tasks: readonly TaskView[];
  /** Number of events folded. */
  readonly events: number;
}
