import { DatabaseSync } from 'node:sqlite';
import { UnavailableError } from '../../core/errors/index.ts';
import { toEngineError } from './database-error.ts';
import { createPrivateFile, exists, realPathOf } from './database-file.ts';
import { openDatabase, type Database } from './open-database.ts';

/** How long a start waits for somebody who only looks whether there is an owner, in milliseconds. A look takes less than 1. */
const LOOK_TIMEOUT_MS = 50;

/**
 * The locks of this process. Something has to hold them: an Ownership that its caller drops would be garbage, the collector
 * would close its connection, and another process could become the owner beside this one.
 */
const held = new Set<DatabaseSync>();

/** Where the process that owns a database can be reached: a listener on 127.0.0.1 that asks for the secret. */
export interface Owner {
  readonly pid: number;
  readonly port: number;
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface Ownership {
  /** Lets another process become the owner. The end of the process, kill -9 too, does the same. */
  release(): void;
}

/**
 * Makes this process the only owner of a database for the rest of its life. Undefined: another process is (findOwner).
 * The lock is a transaction that stays open on `<path>.lock`: the operating system drops it with the process.
 */
export function acquireOwnership(path: string): Ownership | undefined {
  const lockPath = lockPathOf(path);
  createPrivateFile(lockPath);
  const lock = openLock(lockPath, { readOnly: false });
  if (isHeldByAnother(lock, lockPath, 'PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')) {
    lock.close();
    return undefined;
  }
  held.add(lock);
  return {
    release: () => {
      if (held.delete(lock)) lock.close();
    },
  };
}

/** Tells other processes where the owner listens. */
export async function announceOwner(database: Database, owner: Owner): Promise<void> {
  const { pid, port, secret, since } = owner;
  const put = database.prepare('INSERT OR REPLACE INTO owner (only, pid, port, secret, since) VALUES (1, ?, ?, ?, ?)');
  await database.write(() => put.run(pid, port, secret, since));
}

/** Does another process own the database now? */
export function isOwnedElsewhere(path: string): boolean {
  const lockPath = lockPathOf(path);
  if (!exists(lockPath) || !exists(path)) return false;
  const lock = openLock(lockPath, { readOnly: true });
  const alive = isHeldByAnother(lock, lockPath, 'SELECT 1 FROM sqlite_schema');
  lock.close();
  return alive;
}

/** The live owner of the database. Undefined: there is none, or it has not announced itself yet. */
export function findOwner(path: string): Owner | undefined {
  return isOwnedElsewhere(path) ? readOwner(path) : undefined;
}

function readOwner(path: string): Owner | undefined {
  const database = openDatabase({ path, mode: 'read_only' });
  try {
    const row = database.read(() => database.prepare('SELECT pid, port, secret, since FROM owner').get());
    return (
      row && { pid: Number(row.pid), port: Number(row.port), secret: String(row.secret), since: Number(row.since) }
    );
  } finally {
    database.close();
  }
}

function lockPathOf(path: string): string {
  return `${realPathOf(path)}.lock`;
}

function openLock(lockPath: string, { readOnly }: { readOnly: boolean }): DatabaseSync {
  try {
    return new DatabaseSync(lockPath, { readOnly, timeout: readOnly ? 0 : LOOK_TIMEOUT_MS });
  } catch (error) {
    throw toEngineError(error, lockPath);
  }
}

function isHeldByAnother(lock: DatabaseSync, lockPath: string, sql: string): boolean {
  try {
    lock.exec(sql);
    return false;
  } catch (error) {
    const failure = toEngineError(error, lockPath);
    if (failure instanceof UnavailableError && failure.code === 'database_busy') return true;
    lock.close();
    throw failure;
  }
}
