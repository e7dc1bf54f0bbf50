import { EngineError, InvariantError, UnavailableError } from '../../core/errors/index.ts';

/** Errors by which DynamoDB says that we ask for the wrong thing: asking again would not help, and somebody must look. */
const refusals = new Set([
  'AccessDeniedException',
  'IdempotentParameterMismatchException',
  'ItemCollectionSizeLimitExceededException',
  'ResourceNotFoundException',
  'SerializationException',
  'ValidationException',
]);

/** What our callers are told of an error of the SDK, once the SDK's own retries are used up. */
export function toEngineError(error: unknown, table: string): EngineError {
  if (error instanceof EngineError) return error;
  const name = error instanceof Error ? error.name : 'unknown';
  const details = { table, dynamodb: name };
  if (refusals.has(name)) {
    const message = `table ${table} refuses the request: ${error instanceof Error ? error.message : name}`;
    return new InvariantError({ code: 'database_refused', message, details, cause: error });
  }
  return new UnavailableError({
    code: 'database_unavailable',
    message: `table ${table} did not answer (${name})`,
    hint: 'Try again. A write may have been accepted all the same: read before you decide.',
    details,
    cause: error,
  });
}
