import type { TaskError } from '../agents/index.ts';
import type { ApprovalId, CheckpointId, ExecutionId, TaskPath } from '../ids/index.ts';
import type { Json } from '../json/index.ts';
import type { RetryPolicy } from '../plan/index.ts';
import type { Amounts, BreakerHold, BudgetAccount, CacheHold, RateHold, SlotHold } from '../resilience/index.ts';
import type { Cause } from './cause.ts';
import type { ExecutionStatus, SettledTaskStatus, TaskStatus, TerminalExecutionStatus, UndoStatus } from './status.ts';

/** A value in the ledger: itself when small, else a reference to the blob store. */
export type StoredValue = { readonly inline: Json } | { readonly blob: string; readonly bytes: number };

/** The task that started a child execution. */
export interface ParentTask {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
}

export type StopReason = 'failure' | 'cancel' | 'timeout' | 'engine_error';

/** A pause that holds. The clock of the execution's timeout stands still from `at` (epoch milliseconds) on. */
export interface Pause {
  /** Who has paused it: a name, or the execution whose pause it shares as its child. */
  readonly by: string;
  /** In that person's words. */
  readonly why?: string;
  readonly at: number;
  readonly checkpoint: CheckpointId;
  /** The checkpoint's event stands. */
  readonly isRecorded?: true;
}

/** Where an execution stands that waits for others of its workflow to end. */
export interface QueuePlace {
  /** The member of `concurrency` that keeps it. */
  readonly limit: 'max_executions' | 'key';
  /** Executions at once: of the workflow, or of the key's value. */
  readonly size: number;
  /** Of a key: its value as JSON text, cut where it is long. */
  readonly value?: string;
  /** In the queue, from 1; as it was when the execution came there. */
  readonly position: number;
  /** The executions that had the places then, a few of them. */
  readonly holders: readonly ExecutionId[];
}

/** What an execution has of a workflow whose executions are limited. */
export interface Turn {
  /** Digest of the value of `concurrency.key`. */
  readonly key?: string;
  /** It waits, since `at` (epoch milliseconds). Absent: it has all its places. */
  readonly queued?: QueuePlace & { readonly at: number; readonly entry: ParkedEntry };
  /** Its machine was started by hand meanwhile, and its tasks wait with it. */
  readonly begun?: true;
}

/** Every record carries `revision`: 1 when created, one more with each write. A write names the revision that it saw. */
interface Revised {
  readonly revision: number;
}

export interface ExecutionRecord extends Revised {
  readonly id: ExecutionId;
  readonly tenant: string;
  readonly workflow: string;
  readonly version: string;
  readonly status: ExecutionStatus;
  readonly input: StoredValue;
  readonly parent?: ParentTask;
  /** How many executions are around this one; absent: none. */
  readonly depth?: number;
  /** Whose budgets its calls draw on: its own and those around it. Absent: nobody's. */
  readonly budgets?: readonly ExecutionId[];
  /** In place of the policies of all its tasks. */
  readonly retry?: RetryPolicy;
  /** Of a paused one, and of no other. */
  readonly paused?: Pause;
  /** Of a workflow with `max_executions` or a `key`. */
  readonly turn?: Turn;
  /** Milliseconds in earlier pauses, and queued before it began; the deadline has moved by them. */
  readonly pausedFor?: number;
  readonly stopping?: {
    readonly reason: StopReason;
    /** True: running tasks may finish and get no cancel signal. */
    readonly drain: boolean;
    readonly at: number;
    readonly task?: TaskPath;
    readonly by?: string;
  };
  /** How it would have ended if there were nothing to undo, and since when it undoes (epoch milliseconds). Kept when it has ended. */
  readonly saga?: { readonly status: TerminalExecutionStatus; readonly error?: TaskError; readonly at: number };
  readonly output?: StoredValue;
  readonly error?: TaskError;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly deadline: number;
  readonly endedAt?: number;
  /** Token of the machine's conclude state, which waits for live attempts; kept when all has ended, so that this can be said again. */
  readonly concludeToken?: string;
  readonly lamport: number;
  /** Number of the execution's own events; the last one's `n`. */
  readonly events: number;
}

/** How much longer a task waits for a pool, a rate or a breaker before it gives up. Milliseconds. */
export type Patience =
  /** It waits for something else meanwhile. */
  | { readonly left: number }
  /** It waits until the clock of its execution says `due`; `until` is when that will be, unless the execution is paused. */
  | { readonly due: number; readonly until: number };

/** Where an answer comes from that was not asked for again. */
export interface Cached {
  /** The execution and the task that made the call. */
  readonly execution: ExecutionId;
  readonly task: TaskPath;
  /** When it was answered. Epoch milliseconds. */
  readonly at: number;
}

/** How a question to people came out. */
export interface Decided {
  readonly approval: ApprovalId;
  readonly verdict: 'approved' | 'rejected';
  /** Absent: nobody had decided by the deadline. */
  readonly by?: string;
  readonly reason?: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What an attempt holds of what tasks share; its end gives all of it back. */
export interface Holds {
  /** It makes the call for all that have this key. */
  readonly cache?: CacheHold;
  readonly breaker?: BreakerHold;
  readonly pool?: SlotHold;
  /** The call that it is. Kept: it is given back only if the agent was not called after all. */
  readonly rate?: RateHold;
  /** The budgets on which it draws. */
  readonly budgets?: readonly BudgetHold[];
}

/** One call of a budget is used; kept, and given back only if the agent was not called after all. */
export interface BudgetHold {
  /** The execution whose budget it is. */
  readonly of: ExecutionId;
  /** Until the call ends and says what it has used. Absent: the budget limits neither money nor tokens. */
  readonly reserved?: Amounts;
}

/** One try. `intended` until the agent's runtime has accepted the call; whoever meets an intended one calls again. */
export interface Attempt {
  readonly number: number;
  readonly state: 'intended' | 'running';
  /** The engine process that made the call; an attempt of a dead one is called again with the same handle. */
  readonly engine: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly deadline: number;
  readonly heartbeatAt: number;
  /** Of a person's: the id to decide it by. */
  readonly approval?: ApprovalId;
  readonly holds?: Holds;
}

/** How far an open `for_each` is. Counted in the commits that start and settle its calls, so it cannot drift. */
export interface CallCounts {
  /** The frozen list. */
  readonly items: StoredValue;
  readonly count: number;
  /** Number of calls that the items make. */
  readonly calls: number;
  /** Calls started so far: the index of the next one. */
  readonly started: number;
  readonly settled: number;
  /** Items, not calls, that failed for good. */
  readonly failed: number;
}

/** What an operator has made of a compensation that failed, or that was held back by one. */
export interface Resolution {
  /** `done`: the effect was undone by hand. `skipped`: it stays. */
  readonly as: 'done' | 'skipped';
  readonly by: string;
  /** In that person's words. */
  readonly reason: string;
}

export const manualActions = ['retry', 'skip', 'fail', 'complete'] as const;
/** What a person may do to one task: have it tried again, or settle it. */
export type ManualAction = (typeof manualActions)[number];

/** A manual action that was carried out, as the task's record keeps it, so that the same request changes nothing twice. */
export interface Intervention {
  /** Whoever repeats a request repeats its id. */
  readonly request: string;
  readonly action: ManualAction;
  readonly by: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface TaskRecord extends Revised {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  readonly status: TaskStatus;
  /** Evaluated once, before the first attempt: every attempt with the same idempotency key gets the same input. */
  readonly input?: StoredValue;
  /** Of an open loop: the iteration that runs, or ran last. */
  readonly round?: number;
  /** Of the state that was sent back to the first task when it began, so that this can be said again. */
  readonly iterated?: string;
  /** Of a `for_each` that has opened. */
  readonly calls?: CallCounts;
  /** The execution that this task has started. */
  readonly child?: ExecutionId;
  /** Attempts made so far, the live one included. */
  readonly attempts: number;
  readonly attempt?: Attempt;
  /** Step Functions' own token of the state that waits for this task; never leaves the control plane. */
  readonly token?: string;
  readonly cause?: Cause;
  /** Its place in the queue of a limit or a pool; kept while it is parked there again and again, so that it does not lose its turn. */
  readonly queued?: ParkedEntry;
  /** What is left of its `queue_timeout`; absent: all of it. */
  readonly patience?: Patience;
  /** Raised with each parking, so that a late wake-up or timer recognises that it is late. */
  readonly parking: number;
  readonly output?: StoredValue;
  /** Of one whose output is the answer to an earlier call. */
  readonly cached?: Cached;
  readonly error?: TaskError;
  /** Of one that people were asked about: who has decided, for those who come later. */
  readonly decided?: Decided;
  /** What people have done to it, oldest first; only the newest are kept. */
  readonly interventions?: readonly Intervention[];
  /** Why it was skipped, in plain words. */
  readonly why?: string;
  /** Of a settled one whose effect a saga undoes: how far it is. */
  readonly undo?: UndoStatus;
  readonly resolution?: Resolution;
  /** Of a compensation that an operator has had tried again: attempts before that, which its policy does not count. */
  readonly triedBefore?: number;
  /** Epoch milliseconds. */
  readonly settledAt?: number;
  readonly lamport: number;
  readonly events: number;
}

export type SettledTaskRecord = TaskRecord & { readonly status: SettledTaskStatus };

/** Who holds the places of a limit such as `max_parallel`. The holders are the count, so it cannot drift. */
export interface LimitRecord extends Revised {
  readonly execution: ExecutionId;
  readonly limit: string;
  readonly holders: readonly TaskPath[];
  /** Of a budget, which is used up, not occupied. */
  readonly budget?: BudgetAccount;
}

/**
 * What tasks of several executions of a tenant share: a breaker, the calls of an agent, a slot of a pool. Its key is a path (`breaker/lint_agent`,
 * `pool/linters/slot/3`); whoever owns the first part of the key says what the value is.
 */
export interface ControlRecord extends Revised {
  readonly key: string;
  readonly value: Json;
  /** Epoch milliseconds: from then on nobody misses it, and it may be gone. Absent: it stays. */
  readonly uselessFrom?: number;
}

/** "Wake `consumer` when `producer` has settled." */
export interface Watch {
  readonly execution: ExecutionId;
  readonly producer: TaskPath;
  readonly consumer: TaskPath;
}

/** A task parked under a cause that anybody may remove, in the order in which it wants to be woken. */
export interface ParkedEntry {
  /** `limit#exec_…#max_parallel`, `event#build.finished` */
  readonly key: string;
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  /** Epoch milliseconds; first come, first woken. In the queue of a pool or a rate earlier for those with priority. */
  readonly arrival: number;
}

/** An event of the coordination bus, as `emit` and people publish it: not one of the engine's own. */
export interface BusEvent {
  /** Unique: publishing it twice is publishing it once. */
  readonly id: string;
  readonly type: string;
  /** Who published it: an execution's id, or a name. */
  readonly source: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly data: StoredValue;
}

/** An event as it is published. Who records it gives it its time, and puts its data where the ledger keeps values. */
export type NewBusEvent = Omit<BusEvent, 'time' | 'data'> & { readonly data: Json };
