import type { Json } from '../../../core/json/index.ts';
import type { StateVisit } from '../state-visit.ts';

/** How a task's end is known: by the answer to its request, by a token, or by the end of what it started. */
export type Pattern = 'response' | 'token' | 'sync' | 'sync:2';

export interface TaskCall {
  readonly parameters: Json;
  readonly pattern: Pattern;
  readonly visit: StateVisit;
}

/** What comes of a call. A rejection's `name` becomes the error that Retry and Catch see, its message the cause. */
export interface Answers {
  readonly response: Promise<Json>;
  /** The end of what the call has started, for the sync patterns. */
  readonly end?: Promise<Json>;
  /** The task is over, whichever way. */
  readonly letGo?: () => void;
}

/** A service that tasks call, in the moment they call it. May throw a StateFailure instead of answering. */
export type Integration = (call: TaskCall) => Answers;
