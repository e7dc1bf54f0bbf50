import type { TaskError } from '../agents/index.ts';
import type { ApprovalId, CheckpointId, ExecutionId, TaskPath } from '../ids/index.ts';
import type { Cause } from './cause.ts';
import type { Amounts, AskedPart, BudgetPart } from '../resilience/index.ts';
import type { ExecutionStatus, SettledTaskStatus, TerminalExecutionStatus } from './status.ts';
import type { Cached, ManualAction, ParentTask, QueuePlace, StopReason, StoredValue } from './record.ts';

/** Past-tense facts and their data. Order is (lamport, path, n), never wall time. */
export type EventBody =
  | {
      readonly type: 'workflow.execution_started';
      readonly data: {
        readonly workflow: string;
        readonly version: string;
        readonly input: StoredValue;
        /** The task of another execution that this one is the child of. */
        readonly parent?: ParentTask;
      };
    }
  | {
      readonly type: 'workflow.status_changed';
      readonly data: {
        readonly from: ExecutionStatus;
        readonly to: ExecutionStatus;
        readonly reason?: StopReason;
        /** The task whose failure stopped the execution. */
        readonly task?: TaskPath;
        /** Who has paused it, or had it go on. */
        readonly by?: string;
        /** Of a pause, in that person's words. */
        readonly why?: string;
        /** Of one that is queued. */
        readonly queue?: QueuePlace;
      };
    }
  | {
      readonly type: 'workflow.checkpoint_created';
      readonly data: {
        readonly checkpoint: CheckpointId;
        /** Who has paused the execution; absent: it was not for a pause. */
        readonly by?: string;
        /** The `checkpoint_after` that has made it. */
        readonly task?: TaskPath;
        /** A CheckpointSnapshot. */
        readonly snapshot: StoredValue;
        /** Tasks in it. */
        readonly settled: number;
        readonly recovery: Recovery;
      };
    }
  | {
      readonly type: 'workflow.execution_completed';
      readonly data: {
        readonly status: TerminalExecutionStatus;
        readonly output?: StoredValue;
        readonly error?: TaskError;
      };
    }
  | {
      readonly type: 'task.assigned';
      readonly data: { readonly attempt: number; readonly agent: string; readonly reserved?: Amounts };
    }
  /** The agent's runtime has the call; or the task's child execution was started, which is no attempt: 0. */
  | { readonly type: 'task.started'; readonly data: { readonly attempt: number; readonly child?: ExecutionId } }
  /** A container lets its members run: a loop once for each iteration, a `for_each` with the number of its items and calls. */
  | {
      readonly type: 'task.opened';
      readonly data: { readonly round?: number; readonly items?: number; readonly calls?: number };
    }
  | { readonly type: 'task.parked'; readonly data: { readonly cause: Cause } }
  | {
      readonly type: 'task.retried';
      readonly data: { readonly attempt: number; readonly error: TaskError; readonly usage?: Partial<Amounts> };
    }
  /** Somebody has acted on the task by hand; what came of it follows. */
  | {
      readonly type: 'task.intervened';
      readonly data: {
        readonly action: ManualAction;
        readonly by: string;
        /** In that person's words. */
        readonly why?: string;
        /** The id of the request: the same one acts once. */
        readonly request: string;
      };
    }
  | {
      readonly type: 'task.completed';
      readonly data: {
        readonly attempts: number;
        readonly output: StoredValue;
        readonly cached?: Cached;
        /** Of the last attempt, as its agent says. */
        readonly usage?: Partial<Amounts>;
      };
    }
  | {
      readonly type: 'task.failed';
      readonly data: { readonly attempts: number; readonly error: TaskError; readonly usage?: Partial<Amounts> };
    }
  /** A person is asked: by the attempt of a human agent, or by a checkpoint. */
  | {
      readonly type: 'approval.requested';
      readonly data: {
        readonly approval: ApprovalId;
        /** Of a human agent; absent: a checkpoint asks. */
        readonly attempt?: number;
        readonly deadline: number;
        readonly roles?: readonly string[];
        readonly assignees?: readonly string[];
      };
    }
  | {
      readonly type: 'approval.decided';
      readonly data: {
        readonly approval: ApprovalId;
        readonly attempt?: number;
        readonly verdict: 'approved' | 'rejected';
        /** Absent: nobody had decided by the deadline. */
        readonly by?: string;
        readonly reason?: string;
      };
    }
  /** Too many calls of an agent type have failed, or a call that tried it. `until`: no call before that; epoch milliseconds. */
  | {
      readonly type: 'breaker.opened';
      readonly data: {
        readonly agent: string;
        readonly epoch: number;
        readonly until: number;
        readonly error: string;
      };
    }
  /** A few calls try the agent type. */
  | { readonly type: 'breaker.half_opened'; readonly data: { readonly agent: string; readonly epoch: number } }
  | { readonly type: 'breaker.closed'; readonly data: { readonly agent: string; readonly epoch: number } }
  /** Most of a budget is used. `of`: the execution whose budget it is. */
  | { readonly type: 'budget.warned'; readonly data: BudgetUse }
  /** A budget leaves no room for what this task was to do. */
  | { readonly type: 'budget.exceeded'; readonly data: BudgetUse }
  /** People are asked whether they raise a part of it. */
  | { readonly type: 'budget.asked'; readonly data: BudgetUse & { readonly approval: ApprovalId } }
  /** Of the budget's execution. `limit`: as it is afterwards; `raise`: by how much that is more. */
  | {
      readonly type: 'budget.decided';
      readonly data: {
        readonly approval: ApprovalId;
        readonly budget: AskedPart;
        readonly verdict: 'raised' | 'refused';
        readonly by: string;
        readonly limit: number;
        readonly raise?: number;
        readonly reason?: string;
      };
    }
  /** The task is the first one that has to wait for a slot of the pool. */
  | { readonly type: 'pool.saturated'; readonly data: { readonly pool: string; readonly capacity: number } }
  /** Nobody waits for one any more. */
  | { readonly type: 'pool.recovered'; readonly data: { readonly pool: string } }
  | {
      readonly type: 'task.skipped';
      readonly data: { readonly status: 'skipped' | 'upstream_failed'; readonly why: string };
    }
  /** What undoes the task begins; `by`: an operator has it tried again. */
  | { readonly type: 'task.compensating'; readonly data: { readonly agent: string; readonly by?: string } }
  /** Its effect is undone; `by` and `reason`: an operator says so. */
  | { readonly type: 'task.compensated'; readonly data: { readonly by?: string; readonly reason?: string } }
  | {
      readonly type: 'task.compensation_failed';
      readonly data: { readonly attempts: number; readonly error: TaskError };
    }
  /** An operator says that its effect stays. */
  | { readonly type: 'task.compensation_skipped'; readonly data: { readonly by: string; readonly reason: string } }
  | {
      readonly type: 'task.cancelled';
      readonly data: { readonly status: 'cancelled' | 'unknown'; readonly attempts: number };
    };

/** How much of a budget is used. */
interface BudgetUse {
  readonly of: ExecutionId;
  readonly budget: BudgetPart;
  readonly limit: number;
  readonly used: number;
  /** What the task's call may use at most, where that leaves no room for it. */
  readonly needs?: number;
}

/** How an execution goes on from a checkpoint. */
export interface Recovery {
  readonly text: string;
  readonly command: string;
  /** Takes a POST; where there is a server. */
  readonly url?: string;
}

/** Every task that had settled when a checkpoint was made, in the order of their settlements. */
export type CheckpointSnapshot = {
  readonly tasks: readonly {
    readonly path: TaskPath;
    readonly status: SettledTaskStatus;
    readonly output?: StoredValue;
  }[];
};

export type EventType = EventBody['type'];

interface EventEnvelope {
  readonly execution: ExecutionId;
  /** Of the task it is about; '' for events of the execution itself. */
  readonly path: TaskPath | '';
  /** 1, 2, 3, … without gaps within one path. */
  readonly n: number;
  /** Greater than those of everything that this fact depended on. */
  readonly lamport: number;
  /** Epoch milliseconds; for display, never for order. */
  readonly time: number;
}

export type SkeinEvent = EventEnvelope & EventBody;

/** Which event settles a task with this status. */
export const settlingEvents = {
  succeeded: 'task.completed',
  failed: 'task.failed',
  skipped: 'task.skipped',
  upstream_failed: 'task.skipped',
  cancelled: 'task.cancelled',
  unknown: 'task.cancelled',
} as const satisfies Record<SettledTaskStatus, EventType>;
