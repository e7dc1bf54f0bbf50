import type { Json } from '../../core/json/index.ts';

/** What a task asks of the world, with its Arguments as `parameters`. */
export interface TaskRequest {
  readonly state: string;
  readonly resource: string;
  readonly parameters: Json;
  /** The token that ends the task, where it waits for more than a response. */
  readonly token: string | undefined;
}

/** What comes of a request. A rejection's `name` becomes the error that Retry and Catch see, its message the cause. */
export interface TaskAnswers {
  readonly response: Promise<Json>;
  /** The end of what the request has started, for the sync patterns. */
  readonly end?: Promise<Json>;
  /** The task is over, whichever way. */
  readonly letGo?: () => void;
}
