import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { TaskError } from '../core/agents/index.ts';
import type { Json } from '../core/json/index.ts';

/** How an attempt ended, whatever ended it. */
export type Outcome =
  { readonly kind: 'output'; readonly output: Json } | { readonly kind: 'error'; readonly error: TaskError };

/**
 * What has to happen after a commit. A crash may swallow it: resume repeats all of them, because each is derived from
 * the ledger and acts on nothing the second time.
 */
export type FollowUp =
  /** Run admission again: something that the task waited for has changed, or its process has died. */
  | { readonly kind: 'admit'; readonly execution: ExecutionId; readonly path: TaskPath; readonly resumed?: true }
  | {
      readonly kind: 'settle';
      readonly execution: ExecutionId;
      readonly path: TaskPath;
      readonly attempt: number;
      readonly outcome: Outcome;
    }
  /** An item has settled: perhaps it was the last one of its fan-out. */
  | { readonly kind: 'collect'; readonly execution: ExecutionId; readonly container: TaskPath }
  /** Answer the state that waits for this task. */
  | { readonly kind: 'answer'; readonly execution: ExecutionId; readonly path: TaskPath; readonly token: string }
  /** The machine waits in its conclude state: look whether it still has to. */
  | { readonly kind: 'conclude'; readonly execution: ExecutionId };

export type FollowUps = readonly FollowUp[];
