import type { ExecutionId, TaskPath } from '../ids/index.ts';

/** What a timer is about. It carries what a late one is recognised by; one that no longer applies acts on nothing. */
export type Timer =
  | {
      readonly kind: 'attempt_timeout';
      readonly execution: ExecutionId;
      readonly path: TaskPath;
      readonly attempt: number;
    }
  | { readonly kind: 'heartbeat'; readonly execution: ExecutionId; readonly path: TaskPath; readonly attempt: number }
  /** A parked task: its time has come. */
  | { readonly kind: 'wake'; readonly execution: ExecutionId; readonly path: TaskPath; readonly parking: number }
  | { readonly kind: 'execution_timeout'; readonly execution: ExecutionId }
  | { readonly kind: 'grace'; readonly execution: ExecutionId };

export interface Timers {
  /** Delivers the timer to the engine at or after `at` (epoch milliseconds), at least once. It cannot be cancelled. */
  schedule(timer: Timer, at: number): Promise<void>;
}
