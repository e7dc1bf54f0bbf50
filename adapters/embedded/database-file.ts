import { chmodSync, closeSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidRequestError, NotFoundError, UnavailableError } from '../../core/errors/index.ts';

/** Absolute, and not the name of a symbolic link: one database has one lock beside it. */
export function realPathOf(path: string): string {
  const absolute = resolve(path);
  return inFileTerms(absolute, () => (exists(absolute) ? realpathSync(absolute) : absolute));
}

/**
 * Creates the file, and its directory, for this user only, unless it exists; SQLite gives its -wal and -shm files the same
 * mode. An existing file is never opened here: closing it would drop every lock that this process holds on it (POSIX).
 */
export function createPrivateFile(path: string): void {
  inFileTerms(path, () => {
    createFolder(dirname(path));
    if (exists(path)) return;
    try {
      closeSync(openSync(path, 'ax', 0o600));
    } catch (error) {
      // Another process has created it in between.
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  });
}

/** With those above it. Node's own way to do that never returns below /proc, where nothing can be created. */
function createFolder(path: string): void {
  if (exists(path)) return;
  createFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

/** The database holds the owner's secret, and one that somebody else created may be open to all. What its user may do stays as it is. */
export function makePrivate(path: string): void {
  inFileTerms(path, () => {
    const { mode } = statSync(path);
    if ((mode & 0o077) !== 0) chmodSync(path, mode & 0o700);
  });
}

export function requireFile(path: string): void {
  const found = inFileTerms(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found?.isFile()) return;
  const details = { path };
  if (found === undefined) {
    const hint = 'Check the path; the first execution that is started creates the database.';
    throw new NotFoundError({ code: 'database_not_found', message: `there is no database at ${path}`, hint, details });
  }
  const hint = 'Give the path of a file.';
  throw new InvalidRequestError({ code: 'database_cannot_open', message: `${path} is not a file`, hint, details });
}

export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function inFileTerms<T>(path: string, access: () => T): T {
  try {
    return access();
  } catch (error) {
    const errno = errnoOf(error);
    throw errno === undefined ? error : fileError(errno, path, error);
  }
}

function fileError(errno: string, path: string, cause: unknown): UnavailableError | InvalidRequestError {
  const details = { path, errno };
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    const hint = 'Free some space, then try again.';
    return new UnavailableError({ code: 'disk_full', message: `there is no room for ${path}`, hint, details, cause });
  }
  const hint = 'Choose a path in a directory that this user may write to.';
  const message = `${path} cannot be created or written by this user (${errno})`;
  return new InvalidRequestError({ code: 'database_not_writable', message, hint, details, cause });
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
