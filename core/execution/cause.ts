import type { ApprovalId, ExecutionId, TaskPath } from '../ids/index.ts';
import type { BudgetPart } from '../resilience/index.ts';
import { isSettled, type TaskStatus } from './status.ts';

/** What a task waits for by itself. Times are epoch milliseconds. */
type OwnCause =
  /** Tasks that must settle first, or the container that must open first. */
  | { readonly kind: 'dependency'; readonly tasks: readonly TaskPath[] }
  | { readonly kind: 'concurrency'; readonly limit: string; readonly size: number }
  | { readonly kind: 'schedule'; readonly at: number }
  /** The breaker of the agent type is open, or half-open and tries others. `until`: when it is asked again at the latest. */
  | { readonly kind: 'breaker'; readonly agent: string; readonly until: number }
  /**
   * So many calls of the agent type as are allowed in `per` seconds have started. `at`: when it is this task's turn, as long as nobody
   * comes before it.
   */
  | { readonly kind: 'rate'; readonly agent: string; readonly calls: number; readonly per: number; readonly at: number }
  /** All slots of the pool are held. `position`: its place in the queue when it came, from 1. */
  | { readonly kind: 'pool'; readonly pool: string; readonly capacity: number; readonly position: number }
  /**
   * Another task makes a call with the same key of the cache: the one that did so when this one came. Whoever takes over from it is waited for
   * as well. `until`: when its call counts as lost.
   */
  | {
      readonly kind: 'same_call';
      readonly execution: ExecutionId;
      readonly task: TaskPath;
      readonly until: number;
    }
  /**
   * What is left of a budget is reserved by calls that go on, and some of it may come back; with an `approval`, people were asked whether
   * they raise it. `of`: the execution whose budget it is; `limit` and what the call `needs` at most, where somebody says, in dollars or
   * tokens.
   */
  | {
      readonly kind: 'budget';
      readonly budget: BudgetPart;
      readonly of: ExecutionId;
      readonly limit: number;
      readonly needs?: number;
      readonly approval?: ApprovalId;
    }
  /** People are asked: those with one of the roles, or of these names; without either anybody may decide. `until`: when nobody is asked any more. */
  | {
      readonly kind: 'approval';
      readonly approval: ApprovalId;
      readonly roles?: readonly string[];
      readonly assignees?: readonly string[];
      /** Since when. */
      readonly at: number;
      readonly until: number;
    }
  /** `until`: when the task stops waiting and fails. */
  | { readonly kind: 'event'; readonly event: string; readonly until?: number }
  | { readonly kind: 'retry'; readonly attempt: number; readonly at: number; readonly error: string };

/** Why a task waits. A task that is neither settled nor running always has one. */
export type Cause =
  | OwnCause
  /** Its execution is paused. `at`: since when it is kept back; `before`: what it goes back to waiting for afterwards. */
  | { readonly kind: 'pause'; readonly by: string; readonly at: number; readonly before?: OwnCause };

/** When a task looks again by itself, whatever happens: epoch milliseconds; undefined: somebody has to wake it. */
export function dueAt(cause: Cause): number | undefined {
  switch (cause.kind) {
    case 'retry':
    case 'schedule':
    case 'rate':
      return cause.at;
    case 'event':
    case 'breaker':
    case 'same_call':
    case 'approval':
      return cause.until;
    case 'dependency':
    case 'concurrency':
    case 'pool':
    case 'budget':
    case 'pause':
      return undefined;
  }
}

/** Neither settled nor running, and nobody can say what for. No commit may leave a task like this. */
export function waitsWithoutCause({ status, cause }: { readonly status: TaskStatus; readonly cause?: Cause }): boolean {
  return !isSettled(status) && status !== 'running' && cause === undefined;
}
