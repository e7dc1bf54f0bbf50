import type { Json, JsonObject } from '../json/index.ts';

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

/** A task with everything decided that can be decided before a run. Durations in seconds. */
export interface PlannedTask {
  readonly id: string;
  readonly description?: string;
  readonly agent: string;
  readonly agentType: string;
  /** As the author wrote them: not reduced, in the author's order. */
  readonly dependsOn: readonly Dependency[];
  readonly join: Join;
  /** CEL source, without `${ }`. */
  readonly when?: string;
  /** Expression tree: JSON whose strings may hold `${ … }`. */
  readonly input?: Json;
  /** JSON Schema that the agent's answer must satisfy. */
  readonly output?: JsonObject;
  readonly timeout: number;
  readonly heartbeat?: number;
  readonly retry: RetryPolicy;
  readonly continueOnFailure: boolean;
  /** Number of items of a static fan-out; absent for a plain task. */
  readonly fanOut?: number;
}

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

export type OnFailure = 'fail_fast' | 'drain' | 'continue';

/** What the compiler has decided about one workflow version. JSON: it is stored as it is. */
export interface Plan {
  readonly workflow: {
    readonly name: string;
    readonly version: string;
    readonly description?: string;
    readonly tags: readonly string[];
  };
  /** Digest of the definition's content: equal content, equal digest. */
  readonly digest: string;
  /** In a topological order that keeps the author's order where the graph leaves a choice. */
  readonly tasks: readonly PlannedTask[];
  /** Edges of the transitive reduction. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  readonly skeleton: Block;
  readonly gates: readonly Gate[];
  readonly criticalPath: CriticalPath;
  /** JSON Schema of the execution's input. */
  readonly input?: JsonObject;
  /** Expression tree of the execution's output; absent: outputs of the tasks nothing depends on, by id. */
  readonly output?: Json;
  /** Of the whole execution, seconds. */
  readonly timeout: number;
  /** Seconds that running agents get when the execution stops. */
  readonly grace: number;
  readonly maxParallel?: number;
  readonly onFailure: OnFailure;
  readonly onSkip: 'satisfies' | 'propagates';
  readonly [planned]: true;
}
