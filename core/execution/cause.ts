import type { TaskPath } from '../ids/index.ts';

/** Why a task waits. A task that is neither settled nor running always has one. Times are epoch milliseconds. */
export type Cause =
  | { readonly kind: 'dependency'; readonly tasks: readonly TaskPath[] }
  | { readonly kind: 'concurrency'; readonly limit: string; readonly size: number }
  | { readonly kind: 'retry'; readonly attempt: number; readonly at: number; readonly error: string };
