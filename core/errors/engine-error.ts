import type { Json } from '../json/index.ts';

interface EngineErrorOptions {
  /** Stable, snake_case: `execution_not_found`. */
  readonly code: string;
  readonly message: string;
  /** What the caller can do next, one sentence. */
  readonly hint?: string;
  readonly details?: { readonly [key: string]: Json };
  readonly cause?: unknown;
}

/**
 * What the engine throws. The subclass says what the caller must do; `code` says what happened.
 * `name` is a literal: a minifier rewrites constructor names, and ASL's ErrorEquals would silently stop matching.
 */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: { readonly [key: string]: Json };

  constructor(options: EngineErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** The request can never succeed as it is: change it. */
export class InvalidRequestError extends EngineError {
  override readonly name = 'InvalidRequestError';
}

/** What the request names does not exist (or is another tenant's). */
export class NotFoundError extends EngineError {
  override readonly name = 'NotFoundError';
}

/** The thing is not in a status in which this can be done. */
export class ConflictError extends EngineError {
  override readonly name = 'ConflictError';
}

/** No room now or ever, as `code` says. */
export class CapacityError extends EngineError {
  override readonly name = 'CapacityError';
}

/** Something outside did not answer: try again. */
export class UnavailableError extends EngineError {
  override readonly name = 'UnavailableError';
}

/** Our bug. Whoever sees it should report it. */
export class InvariantError extends EngineError {
  override readonly name = 'InvariantError';
}

export function assertNever(value: never, what: string): never {
  throw new InvariantError({
    code: 'unexpected_case',
    message: `${what} has a case nobody handles: ${JSON.stringify(value)}`,
  });
}
