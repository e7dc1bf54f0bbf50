import type {
  BusEvent,
  ControlRecord,
  ExecutionRecord,
  LimitRecord,
  ParkedEntry,
  SkeinEvent,
  TaskRecord,
  Watch,
} from '../execution/index.ts';
import type { ExecutionId, TaskPath } from '../ids/index.ts';

/**
 * One write of a commit. A record is stored only if the stored revision is one less than its own (absent for 1);
 * an event, the engine's or the coordination bus's, only if there is none with its key. Watches and parked entries are put and removed freely.
 */
export type LedgerWrite =
  | { readonly kind: 'execution'; readonly record: ExecutionRecord }
  | { readonly kind: 'task'; readonly record: TaskRecord }
  | { readonly kind: 'limit'; readonly record: LimitRecord }
  | { readonly kind: 'control'; readonly record: ControlRecord }
  | { readonly kind: 'event'; readonly event: SkeinEvent }
  | { readonly kind: 'bus_event'; readonly event: BusEvent }
  | { readonly kind: 'watch'; readonly watch: Watch }
  | { readonly kind: 'unwatch'; readonly watch: Watch }
  | { readonly kind: 'park'; readonly entry: ParkedEntry }
  | { readonly kind: 'unpark'; readonly entry: ParkedEntry };

export type CommitResult = 'committed' | 'conflict';

/**
 * What is recorded of executions, tasks and attempts. All reads are strong: they see every commit that was accepted.
 * It decides nothing, retries nothing and publishes nothing.
 */
export interface LedgerStore {
  /**
   * All writes or none. `conflict`: a condition did not hold and nothing was written; read again and decide again.
   * Resolves once the commit is accepted: it stands before every later one, and no crash keeps a later one without it.
   * At most 100 writes, no two on one item (the limit of a DynamoDB transaction); an execution and an event of the coordination
   * bus count as two, because an adapter may keep a second item to find them by.
   */
  commit(writes: readonly LedgerWrite[]): Promise<CommitResult>;
  /**
   * Resolves once everything that has been accepted is durable. Nobody outside of this process may be told or asked anything
   * that rests on a commit before. Rejects with UnavailableError when it cannot be made so; then nothing more is accepted.
   */
  durable(): Promise<void>;

  findExecution(id: ExecutionId): Promise<ExecutionRecord | undefined>;
  findTask(execution: ExecutionId, path: TaskPath): Promise<TaskRecord | undefined>;
  /** In the order of `paths`; undefined where there is no record yet. */
  findTasks(execution: ExecutionId, paths: readonly TaskPath[]): Promise<readonly (TaskRecord | undefined)[]>;
  listTasks(execution: ExecutionId): Promise<readonly TaskRecord[]>;
  findLimit(execution: ExecutionId, limit: string): Promise<LimitRecord | undefined>;
  findControl(key: string): Promise<ControlRecord | undefined>;
  /** Those that stand in the folder itself, by the byte order of their keys: of `breaker` all that are called `breaker/<name>`. */
  listControls(folder: string): Promise<readonly ControlRecord[]>;
  listWatches(execution: ExecutionId, producer: TaskPath): Promise<readonly Watch[]>;
  /** At most `limit` entries of the key, in order of arrival, then path. */
  listParked(key: string, limit: number): Promise<readonly ParkedEntry[]>;
  /** Events of the coordination bus of this type, at or after `since` (epoch milliseconds), by time, then id. */
  listBusEvents(type: string, since: number): Promise<readonly BusEvent[]>;
  /** Ordered by (lamport, path, n). */
  listEvents(execution: ExecutionId): Promise<readonly SkeinEvent[]>;
  /** Ids of executions that have not reached a terminal status, oldest first. */
  listOpenExecutions(): Promise<readonly ExecutionId[]>;
}
