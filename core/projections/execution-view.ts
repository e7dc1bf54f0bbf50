import type { TaskError } from '../agents/index.ts';
import type {
  Cached,
  Cause,
  ExecutionStatus,
  ParentTask,
  QueuePlace,
  StopReason,
  StoredValue,
  TaskStatus,
  UndoStatus,
} from '../execution/index.ts';
import type { ApprovalId, CheckpointId, ExecutionId, TaskPath } from '../ids/index.ts';

/** One task as people see it. Times are epoch milliseconds. */
export interface TaskView {
  readonly path: TaskPath;
  /** Lamport clock of its first event: it orders the list, whoever delivered first. */
  readonly firstLamport: number;
  readonly status: TaskStatus;
  readonly agent?: string;
  readonly attempts: number;
  readonly cause?: Cause;
  /** Of a loop that has opened: the iteration that runs, or ran last; 0 is the first. */
  readonly round?: number;
  /** Of a `for_each` that has opened. */
  readonly calls?: CallProgress;
  /** While a person is asked, for its output or for room in a budget: the id to decide it by. */
  readonly approval?: ApprovalId;
  /** The execution that it has started. */
  readonly child?: ExecutionId;
  /** When its work began: the first attempt, the opening of a container, the start of a child, the waiting of a `wait`. */
  readonly startedAt?: number;
  readonly settledAt?: number;
  readonly output?: StoredValue;
  /** Of one whose output is the answer to an earlier call. */
  readonly cached?: Cached;
  readonly error?: TaskError;
  readonly why?: string;
  /** Of one whose effect a saga undoes: how far it is. */
  readonly undo?: UndoStatus;
}

/** How far the calls of a `for_each` are. */
export interface CallProgress {
  /** Of the frozen list; as many as `count`, unless calls take batches. */
  readonly items: number;
  /** Calls that the items make. */
  readonly count: number;
  readonly settled: number;
  readonly failed: number;
}

/** An execution as people see it: a fold of its events, never edited. */
export interface ExecutionView {
  readonly execution: ExecutionId;
  readonly workflow: string;
  readonly version: string;
  readonly status: ExecutionStatus;
  readonly reason?: StopReason;
  /** Of one that is queued: for which limit of its workflow, and where it stood when it came. */
  readonly queued?: QueuePlace & { readonly at: number };
  /** Of a paused one. */
  readonly paused?: { readonly by: string; readonly why?: string; readonly at: number };
  /** The last one that was made. */
  readonly checkpoint?: CheckpointId;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly input: StoredValue;
  /** The task that this execution is the child of. */
  readonly parent?: ParentTask;
  readonly output?: StoredValue;
  readonly error?: TaskError;
  /** Tasks that anything has happened to, in order of their first event: by (lamport, path). */
  readonly tasks: readonly TaskView[];
  /** Number of events folded. */
  readonly events: number;
}
