import type { Json, JsonObject } from '../json/index.ts';
import type { CacheSettings } from '../resilience/index.ts';
import type { PlannedAgent } from './planned-agent.ts';
import type { Budget } from './planned-budget.ts';
import type { Turns } from './planned-turns.ts';

declare const planned: unique symbol;

export type Join = 'all_success' | 'all_done' | 'any_success' | 'none_failed' | { readonly quorum: number };
export type DependencyOn = 'success' | 'failure' | 'skipped' | 'done';

export interface Dependency {
  readonly task: string;
  readonly on: DependencyOn;
}

/** Complete, with every default written out. Delays in seconds. */
export interface RetryPolicy {
  /** Tries in all; 1 means no retry. */
  readonly maxAttempts: number;
  readonly interval: number;
  readonly backoffRate: number;
  readonly maxDelay: number;
  readonly jitter: 'full' | 'none';
  /** Error names that are retried; absent: every retryable one. */
  readonly retryOn?: readonly string[];
}

/** What undoes a task. Durations in seconds. */
export interface Compensation {
  readonly agent: string;
  readonly agentType: string;
  /** Expression tree; absent: the task's input, output and status. */
  readonly input?: Json;
  readonly timeout: number;
  readonly retry: RetryPolicy;
  /** Undoes it also when it failed. */
  readonly onFailure?: true;
}

/** How a workflow undoes what was done. */
export interface Saga {
  /** One after another, the last one first; false: at once where the graph allows. */
  readonly serial: boolean;
  /** What becomes of the tasks before one whose compensation failed. */
  readonly onFailure: 'hold' | 'continue';
}

/** What every kind of task has. */
interface Common {
  readonly id: string;
  readonly description?: string;
  /** The group or loop that it is a member of; absent in the outermost region. */
  readonly container?: string;
  /** Tasks of the same region, as the author wrote them: not reduced, in the author's order. */
  readonly dependsOn: readonly Dependency[];
  readonly join: Join;
  /** CEL source, without `${ }`. */
  readonly when?: string;
  readonly continueOnFailure: boolean;
  /** Of a workflow with a saga. */
  readonly compensate?: Compensation;
  /** Once it has succeeded, nothing before it is undone. */
  readonly pivot?: true;
  /** An operator may skip it; of a container: what is in it. */
  readonly allowSkip?: true;
}

/** The items of a `for_each`. A call is one item, or one batch of them. */
export interface ForEach {
  /** Expression tree: an expression that gives a list, or the list. */
  readonly items: Json;
  /** The proven bound: a longer list is refused when the task opens. */
  readonly maxItems: number;
  /** Calls at once. */
  readonly maxConcurrency: number;
  /** Items of one call; absent: each call gets one item, and not a list of one. */
  readonly batch?: number;
  /** How many items may fail, or what share of them, in per cent. */
  readonly tolerate: { readonly items: number } | { readonly percent: number };
}

/** Calls an agent. Durations in seconds. */
export interface AgentTask extends Common {
  readonly kind: 'agent';
  readonly agent: string;
  readonly agentType: string;
  /** Expression tree: JSON whose strings may hold `${ … }`. */
  readonly input?: Json;
  /** JSON Schema that the agent's answer must satisfy. */
  readonly output?: JsonObject;
  readonly timeout: number;
  /** Parked for a pool or a breaker; absent: QUEUE_TIMEOUT. */
  readonly queueTimeout?: number;
  /** 0 to 9, higher first where tasks wait for a pool; absent: 0. */
  readonly priority?: number;
  readonly heartbeat?: number;
  readonly retry: RetryPolicy;
  readonly cache?: CacheSettings;
  /** Number of items of a static fan-out; absent for a plain task. */
  readonly fanOut?: number;
  readonly forEach?: ForEach;
}

/** Starts a child execution. */
export interface ChildTask extends Common {
  readonly kind: 'workflow';
  readonly workflow: { readonly name: string; readonly version: string };
  readonly input?: Json;
  readonly output?: JsonObject;
  /** Seconds; shortens the child's own timeout. */
  readonly timeout?: number;
  readonly forEach?: ForEach;
}

export type Wait =
  | { readonly kind: 'seconds'; readonly seconds: number }
  /** Expression tree of a time: RFC 3339, or seconds since 1970. */
  | { readonly kind: 'until'; readonly until: Json }
  | { readonly kind: 'event'; readonly event: string; readonly match?: Json; readonly timeout?: number };

export interface WaitTask extends Common {
  readonly kind: 'wait';
  readonly wait: Wait;
}

export interface EmitTask extends Common {
  readonly kind: 'emit';
  readonly event: string;
  /** Expression tree. */
  readonly data?: Json;
}

export interface LoopTask extends Common {
  readonly kind: 'loop';
  readonly maxIterations: number;
  /** CEL source, without `${ }`; absent: every iteration runs. */
  readonly until?: string;
  readonly onExhausted: 'continue' | 'fail';
  readonly region: Region;
}

export interface GroupTask extends Common {
  readonly kind: 'group';
  readonly maxParallel?: number;
  readonly region: Region;
}

/** Who is asked whether the execution may go on. Durations in seconds. */
export interface PlannedApproval {
  /** Who may decide; both absent: anybody who may decide at all. */
  readonly roles?: readonly string[];
  readonly assignees?: readonly string[];
  readonly timeout: number;
  /** What holds when nobody has decided by then. */
  readonly onTimeout: 'approve' | 'reject';
  /** JSON Schema of the answer. */
  readonly form?: JsonObject;
}

/** Comes right after the task `of`: records how far the execution is, and perhaps asks people. Whoever depends on that task depends on this one. */
export interface CheckpointTask extends Common {
  readonly kind: 'checkpoint';
  readonly of: string;
  /** Absent: nobody is asked. */
  readonly approve?: PlannedApproval;
}

/** A task with everything decided that can be decided before a run. */
export type PlannedTask = AgentTask | ChildTask | WaitTask | EmitTask | LoopTask | GroupTask | CheckpointTask;

/** The series-parallel tree that becomes Sequence and Parallel states. Leaves are task ids (a fan-out is one leaf). */
export type Block<Task = string> =
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'series'; readonly blocks: readonly Block<Task>[] }
  | { readonly kind: 'parallel'; readonly blocks: readonly Block<Task>[] };

/** A dependency that the skeleton does not imply: admission holds `to` until `from` has settled. */
export interface Gate {
  readonly from: string;
  readonly to: string;
}

export interface CriticalPath {
  readonly tasks: readonly string[];
  /** In unit durations: the number of tasks on it. */
  readonly length: number;
}

/** One list of tasks (the workflow's, a group's, a loop's body), with all that their graph says. */
export interface Region {
  /** Ids in a topological order that keeps the author's order where the graph leaves a choice. */
  readonly members: readonly string[];
  /** Edges of the transitive reduction. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly skeleton: Block;
  readonly gates: readonly Gate[];
  readonly criticalPath: CriticalPath;
}

export type OnFailure = 'fail_fast' | 'drain' | 'continue';

/** What the compiler has decided about one workflow version. JSON: it is stored as it is. */
export interface Plan extends Region {
  readonly workflow: {
    readonly name: string;
    readonly version: string;
    readonly description?: string;
    readonly tags: readonly string[];
  };
  /** Digest of the definition's content: equal content, equal digest. */
  readonly digest: string;
  /** Tasks of all regions: each region in its order, a container right before its members. */
  readonly tasks: readonly PlannedTask[];
  /** By name; also those that no task has got. */
  readonly agents: { readonly [name: string]: PlannedAgent };
  /** JSON Schema of the execution's input. */
  readonly input?: JsonObject;
  /** Expression tree of the execution's output; absent: outputs of the tasks nothing depends on, by id. */
  readonly output?: Json;
  /** Of the whole execution, seconds. */
  readonly timeout: number;
  /** Seconds that running agents get when the execution stops. */
  readonly grace: number;
  readonly maxParallel?: number;
  readonly turns?: Turns;
  readonly budget?: Budget;
  readonly onFailure: OnFailure;
  /** Absent: what was done stays. */
  readonly saga?: Saga;
  readonly onSkip: 'satisfies' | 'propagates';
  readonly [planned]: true;
}
