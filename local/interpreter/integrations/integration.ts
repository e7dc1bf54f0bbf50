import type { Json } from '../../../core/json/index.ts';
import type { StateVisit } from '../state-visit.ts';
import type { TaskAnswers } from '../task-answers.ts';

/** How a task's end is known: by the response to its request, by a token, or by the end of what it started. */
export type Pattern = 'response' | 'token' | 'sync' | 'sync:2';

export interface TaskCall {
  readonly parameters: Json;
  readonly pattern: Pattern;
  readonly visit: StateVisit;
}

/** A service that tasks call, in the moment they call it. Rejects with a StateFailure; may throw one at once. */
export type Integration = (call: TaskCall) => TaskAnswers;
