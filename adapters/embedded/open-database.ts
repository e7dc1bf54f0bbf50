import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { EngineError, InvalidRequestError, UnavailableError } from '../../core/errors/index.ts';
import { toEngineError } from './database-error.ts';
import { createPrivateFile, exists, makePrivate, realPathOf, requireFile } from './database-file.ts';
import { migrate, requireCurrentVersion, requireKnownVersion } from './database-schema.ts';
import { createWalSync, noDiskSync, type DiskSync } from './disk-sync.ts';
import { createWriteGroup } from './write-group.ts';

/** How long a statement waits for another program's lock, in milliseconds. The event loop stands still meanwhile. */
const BUSY_TIMEOUT_MS = 1_000;

/**
 * When the log of this many pages (16 MB) is brought into the database, and the loop stands still for two syncs. With SQLite's 1,000 pages,
 * small transactions took a quarter longer (0.197 ms in place of 0.154).
 */
const CHECKPOINT_PAGES = 4_000;

/**
 * What an acknowledged write survives. `power_loss`: everything that leaves the disk whole. `process_crash`: kill -9, while a
 * power loss may take the last commits (the database stays sound); it is faster by the wait for the disk.
 */
export type Durability = 'power_loss' | 'process_crash';

export type DatabaseOptions =
  | {
      /** Writes, and brings the schema up to date. Have the ownership (acquireOwnership) before a file is opened so. */
      readonly mode: 'owner';
      /** Absent: in memory, gone when closed. */
      readonly path?: string | undefined;
      /** Default `power_loss`. */
      readonly durability?: Durability;
    }
  | { readonly mode: 'read_only'; readonly path: string };

/** One connection, shared by the Sqlite stores: their writes of one turn of the event loop become durable together. */
export interface Database {
  readonly mode: DatabaseOptions['mode'];
  /** For statements that are kept and run again. */
  prepare(sql: string): StatementSync;
  /** Runs a query; SQLite's errors come out as EngineErrors. */
  read<T>(query: () => T): T;
  /**
   * Runs `work` in the next transaction and resolves once that is durable. A work that throws, or whose result `undoIf` holds
   * for, leaves nothing behind. After an UnavailableError a crash may still bring the write to light: read again, then decide.
   */
  write<T>(work: () => T, undoIf?: (result: T) => boolean): Promise<T>;
  /** Makes durable what is queued, then closes. Closing twice is the same. */
  close(): void;
}

/**
 * Opens or creates a database. Throws InvalidRequestError (`not_a_skein_database`, `database_too_new`, `database_outdated`,
 * `database_not_writable`, `database_cannot_open`, `database_corrupt`), NotFoundError (`database_not_found`, read-only) or
 * UnavailableError (`disk_full`, `database_busy`, `database_io_error`).
 */
export function openDatabase(options: DatabaseOptions): Database {
  const path = options.path === undefined ? ':memory:' : realPathOf(options.path);
  if (options.path !== undefined) {
    if (options.mode === 'owner') createPrivateFile(path);
    requireFile(path);
  }
  let connection: DatabaseSync | undefined;
  try {
    if (options.mode === 'read_only') {
      connection = openForReading(path);
    } else {
      connection = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
      requireKnownVersion(connection, path);
      if (options.path !== undefined) makePrivate(path);
      prepareForOwner(connection, path);
    }
    return createDatabase(connection, { path, mode: options.mode, disk: diskOf(options, path) });
  } catch (error) {
    connection?.close();
    throw toEngineError(error, path);
  }
}

/**
 * To read beside a writer, SQLite writes to files beside the database. Where it may not, and where there is no log of a writer, the file
 * is taken for one that nobody changes: a copy on a read-only disk, or one that was locked away.
 */
function openForReading(path: string): DatabaseSync {
  const open = (location: string | URL): DatabaseSync => {
    const connection = new DatabaseSync(location, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    try {
      requireCurrentVersion(connection, path);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  };
  try {
    return open(path);
  } catch (error) {
    const failure = toEngineError(error, path);
    const isLocked = failure instanceof EngineError && failure.code === 'database_not_writable';
    if (!isLocked || exists(`${path}-wal`)) throw error;
    const frozen = pathToFileURL(path);
    frozen.searchParams.set('immutable', '1');
    return open(frozen);
  }
}

function diskOf(options: DatabaseOptions, path: string): DiskSync {
  if (options.mode === 'read_only' || options.path === undefined) return noDiskSync;
  return (options.durability ?? 'power_loss') === 'power_loss' ? createWalSync(path) : noDiskSync;
}

function prepareForOwner(connection: DatabaseSync, path: string): void {
  // NORMAL: the write group waits for the disk itself. Without fullfsync, macOS leaves the data in the drive's own cache; elsewhere it changes nothing.
  connection.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA fullfsync = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    BEGIN IMMEDIATE;
  `);
  migrate(connection, path);
  // An owner that is recorded now is dead. This write also shows at once whether the file can be written.
  connection.exec('DELETE FROM owner; COMMIT;');
}

interface Parts {
  readonly path: string;
  readonly mode: DatabaseOptions['mode'];
  readonly disk: DiskSync;
}

function createDatabase(connection: DatabaseSync, { path, mode, disk }: Parts): Database {
  const group = createWriteGroup(connection, path, disk);

  function requireOpen(): void {
    if (connection.isOpen) return;
    throw new UnavailableError({ code: 'database_closed', message: `${path} has been closed`, details: { path } });
  }

  return {
    mode,
    prepare: (sql) => connection.prepare(sql),
    read: (query) => {
      requireOpen();
      try {
        return query();
      } catch (error) {
        throw toEngineError(error, path);
      }
    },
    write: async (work, undoIf = () => false) => {
      requireOpen();
      if (mode === 'read_only') throw readOnlyError(path);
      return group.enqueue(work, undoIf);
    },
    close: () => {
      if (!connection.isOpen) return;
      group.flush();
      disk.close();
      connection.close();
    },
  };
}

function readOnlyError(path: string): InvalidRequestError {
  return new InvalidRequestError({
    code: 'database_read_only',
    message: `${path} was opened for reading only`,
    hint: 'Send the request to the process that owns the database.',
    details: { path },
  });
}
