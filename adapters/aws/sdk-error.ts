import { EngineError, InvariantError, UnavailableError } from '../../core/errors/index.ts';

/** What is asked, as an error names it. */
export interface Asked {
  /** Codes begin with it: `database`. */
  readonly code: string;
  /** `table skein` */
  readonly name: string;
  /** Errors by which it says that we ask for the wrong thing: asking again would not help, and somebody must look. */
  readonly refusals: ReadonlySet<string>;
}

/** What our callers are told of an error of the SDK, once the SDK's own retries are used up. */
export function toEngineError(error: unknown, { code, name, refusals }: Asked): EngineError {
  if (error instanceof EngineError) return error;
  const aws = error instanceof Error ? error.name : 'unknown';
  const details = { aws };
  if (refusals.has(aws)) {
    const message = `${name} refuses the request: ${error instanceof Error ? error.message : aws}`;
    return new InvariantError({ code: `${code}_refused`, message, details, cause: error });
  }
  return new UnavailableError({
    code: `${code}_unavailable`,
    message: `${name} did not answer (${aws})`,
    hint: 'Try again. A write may have been accepted all the same: read before you decide.',
    details,
    cause: error,
  });
}
