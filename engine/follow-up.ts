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
  /** A member has settled: perhaps it was the last one of its container. */
  | { readonly kind: 'collect'; readonly execution: ExecutionId; readonly container: TaskPath }
  /** Answer the state that waits for this task. */
  | { readonly kind: 'answer'; readonly execution: ExecutionId; readonly path: TaskPath; readonly token: string }
  /** Send the machine back to the first task of a loop. */
  | { readonly kind: 'iterate'; readonly token: string }
  /** The child of this task has ended. */
  | { readonly kind: 'child_ended'; readonly execution: ExecutionId; readonly path: TaskPath }
  /** A child of a process that has died. */
  | { readonly kind: 'resume'; readonly execution: ExecutionId }
  /** A child of a stopping execution; one that has ended stays as it ended. */
  | { readonly kind: 'stop'; readonly execution: ExecutionId; readonly by: ExecutionId }
  /** A child whose parent's pause may have begun or ended. */
  | { readonly kind: 'share_pause'; readonly execution: ExecutionId }
  /** Executions of a workflow wait in this queue for their turn, and a place may be free. */
  | { readonly kind: 'let_in'; readonly queue: string }
  /** The machine waits in its conclude state: look whether it still has to. */
  | { readonly kind: 'conclude'; readonly execution: ExecutionId };

export type FollowUps = readonly FollowUp[];
