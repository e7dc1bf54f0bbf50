import type { TaskPath } from '../ids/index.ts';

/** What a task waits for by itself. Times are epoch milliseconds. */
type OwnCause =
  /** Tasks that must settle first, or the container that must open first. */
  | { readonly kind: 'dependency'; readonly tasks: readonly TaskPath[] }
  | { readonly kind: 'concurrency'; readonly limit: string; readonly size: number }
  | { readonly kind: 'schedule'; readonly at: number }
  /** `until`: when the task stops waiting and fails. */
  | { readonly kind: 'event'; readonly event: string; readonly until?: number }
  | { readonly kind: 'retry'; readonly attempt: number; readonly at: number; readonly error: string };

/** Why a task waits. A task that is neither settled nor running always has one. */
export type Cause =
  | OwnCause
  /** Its execution is paused. `at`: since when it is kept back; `before`: what it goes back to waiting for afterwards. */
  | { readonly kind: 'pause'; readonly by: string; readonly at: number; readonly before?: OwnCause };
