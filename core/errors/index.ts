// The error family and the one table about error names.
// Takes: nothing. Gives: EngineError and its subclasses, the table. Never: a Diagnostic (those are values).
export {
  assertNever,
  CapacityError,
  ConflictError,
  EngineError,
  InvalidRequestError,
  InvariantError,
  NotFoundError,
  UnavailableError,
} from './engine-error.ts';
export { errorRow, errorTable, type ErrorRow, type KnownErrorName } from './table.ts';
