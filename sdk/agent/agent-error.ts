import type { JsonObject } from '../../core/json/index.ts';

export interface AgentErrorOptions {
  /** False: no policy tries again. Absent: the engine's table decides by the name; names it does not know are retried. */
  readonly retryable?: boolean;
  /** Seconds that the next attempt should wait at least. */
  readonly retryAfter?: number;
  /** For who looks into the log or a dead letter; the engine does not store it. */
  readonly details?: JsonObject;
  readonly cause?: unknown;
}

/**
 * A failure with a name that `retry_on` of a workflow can match. The name is given as a text, never taken from a class: a
 * minifier renames classes, and the policy would silently stop matching.
 *
 *     throw new AgentError('ModelBusy', 'The model answers 429.', { retryAfter: 30 });
 *
 * Any other `Error` works as well: its `name`, and its members `retryable` and `retryAfter` if it has them, are read.
 */
export class AgentError extends Error {
  override readonly name: string;
  readonly retryable: boolean | undefined;
  readonly retryAfter: number | undefined;
  readonly details: JsonObject | undefined;

  constructor(name: string, message: string, { retryable, retryAfter, details, cause }: AgentErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
    this.details = details;
  }
}
