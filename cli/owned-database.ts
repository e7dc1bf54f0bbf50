import { ConflictError } from '../core/errors/index.ts';

/** For who would ask the owner of a database: it listens only a moment after its start, and until then it just holds the database. */
export function withWayTo(next: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof ConflictError && error.code === 'database_owned')) throw error;
    const { code, message, details } = error;
    throw new ConflictError({
      code,
      message,
      details,
      hint: `it listens shortly after its start: ${next}`,
      cause: error,
    });
  };
}
