import { InvalidRequestError, InvariantError, UnavailableError } from '../../core/errors/index.ts';

interface Row {
  readonly raise: typeof UnavailableError | typeof InvalidRequestError;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** By SQLite's primary result code (https://sqlite.org/rescode.html). */
const rows = new Map<number, Row>([
  [
    5,
    {
      raise: UnavailableError,
      code: 'database_busy',
      message: 'is locked by another program',
      hint: 'Close the program that has it open, then try again.',
    },
  ],
  [
    8,
    {
      raise: InvalidRequestError,
      code: 'database_not_writable',
      message: 'cannot be written by this user',
      hint: 'Check the permissions of the file and its directory, or choose another path.',
    },
  ],
  [
    10,
    {
      raise: UnavailableError,
      code: 'database_io_error',
      message: 'could not be read or written by the operating system',
      hint: 'Check the disk and its quotas, then try again; `skein resume` goes on with what was running.',
    },
  ],
  [
    11,
    {
      raise: InvalidRequestError,
      code: 'database_corrupt',
      message: 'is damaged',
      hint: 'Restore the file from a copy, or move it away to start afresh.',
    },
  ],
  [
    13,
    {
      raise: UnavailableError,
      code: 'disk_full',
      message: 'could not be written: the disk is full',
      hint: 'Free some space, then try again; `skein resume` goes on with what was running, and nothing that was acknowledged is lost.',
    },
  ],
  [
    14,
    {
      raise: InvalidRequestError,
      code: 'database_cannot_open',
      message: 'cannot be opened',
      hint: 'Check that the path names a file, and that this user may read and write it and its directory.',
    },
  ],
  [
    18,
    {
      raise: InvalidRequestError,
      code: 'value_too_large',
      message: 'cannot hold a value of 1,000,000,000 bytes or more',
      hint: 'Pass a reference to the data in place of the data.',
    },
  ],
  [
    26,
    {
      raise: InvalidRequestError,
      code: 'not_a_skein_database',
      message: 'is not a database of Skein',
      hint: 'Choose another path; the file was left as it is.',
    },
  ],
]);

/** What our callers are told of an error that SQLite threw; any other error is returned as it is. */
export function toEngineError(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'errcode' in error && typeof error.errcode === 'number')) return error;
  const details = { path, sqlite: error.errcode };
  // The primary code is the low byte of the extended one: 778 (IOERR_WRITE) is a 10 (IOERR).
  const row = rows.get(error.errcode & 0xff);
  if (row === undefined) {
    return new InvariantError({ code: 'database_error', message: `${path}: ${error.message}`, details, cause: error });
  }
  const { raise: Raise, code, message, hint } = row;
  return new Raise({ code, message: `${path} ${message}`, hint, details, cause: error });
}
