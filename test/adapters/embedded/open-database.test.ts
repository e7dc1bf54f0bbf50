import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createSqliteBlobStore,
  createSqliteLedgerStore,
  openDatabase,
  type Database,
  type DatabaseOptions,
} from '../../../adapters/embedded/index.ts';
import { EngineError } from '../../../core/errors/index.ts';
import { aTask, anId } from '../../makers/ledger-records.ts';
import { commitDurably } from '../../makers/commit-durably.ts';
import { databaseOnDisk, temporaryDirectory } from '../../makers/temporary-directory.ts';

const modeOf = (path: string): number => statSync(path).mode & 0o777;

function pragmaOf(database: Database, name: string): unknown {
  return Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

function errorOf(work: () => unknown): EngineError {
  try {
    work();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const openingFails = (options: DatabaseOptions): EngineError => errorOf(() => openDatabase(options));

/** Runs as a user without rights when the tests run as root, who may write everywhere. */
function withoutRootRights<T>(work: () => T): T {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

/** A file made by SQLite, but not by us. */
function foreignDatabase(sql: string): string {
  const path = join(temporaryDirectory(), 'other.db');
  const foreign = new DatabaseSync(path);
  foreign.exec(sql);
  foreign.close();
  return path;
}

describe('openDatabase', () => {
  it('creates the file and its directories, for this user only', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'deep', 'deeper', 'skein.db');

    const database = databaseOnDisk(path);
    await createSqliteBlobStore({ database }).put('text');

    expect(readdirSync(join(directory, 'deep', 'deeper')).toSorted()).toEqual([
      'skein.db',
      'skein.db-shm',
      'skein.db-wal',
    ]);
    for (const suffix of ['', '-shm', '-wal']) expect(modeOf(`${path}${suffix}`)).toBe(0o600);
    expect(modeOf(join(directory, 'deep'))).toBe(0o700);
  });

  it('closes an existing database to other users', () => {
    const path = join(temporaryDirectory(), 'skein.db');
    databaseOnDisk(path).close();
    chmodSync(path, 0o644);

    databaseOnDisk(path);

    expect(modeOf(path)).toBe(0o600);
  });

  it('leaves a database that its user has locked as it is', () => {
    const path = join(temporaryDirectory(), 'skein.db');
    databaseOnDisk(path).close();
    chmodSync(path, 0o444);

    const open = () => databaseOnDisk(path);

    // Root may write to it all the same.
    if (process.getuid?.() === 0) open();
    else expect(open).toThrow('cannot be written');

    expect(modeOf(path)).toBe(0o400);
  });

  it('leaves the wait for the disk to the write group, and checkpoints that survive a power loss to SQLite', () => {
    const database = databaseOnDisk();

    const settings = ['journal_mode', 'synchronous', 'fullfsync'].map((name) => pragmaOf(database, name));

    // 1 is NORMAL.
    expect(settings).toEqual(['wal', 1, 1]);
  });

  it('keeps what was written for the next one who opens it', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const first = databaseOnDisk(path);
    await commitDurably(createSqliteLedgerStore({ database: first }), [{ kind: 'task', record: aTask() }]);
    first.close();

    const second = databaseOnDisk(path);

    expect(await createSqliteLedgerStore({ database: second }).listTasks(anId)).toEqual([aTask()]);
  });

  it('makes durable on closing what is still queued', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const first = databaseOnDisk(path);
    const commit = createSqliteLedgerStore({ database: first }).commit([{ kind: 'task', record: aTask() }]);
    await Promise.resolve();

    first.close();

    expect(await commit).toBe('committed');
    expect(await createSqliteLedgerStore({ database: databaseOnDisk(path) }).listTasks(anId)).toEqual([aTask()]);
  });

  it('shares nothing between databases in memory', async () => {
    const [first, second] = [openDatabase({ mode: 'owner' }), openDatabase({ mode: 'owner', path: undefined })];
    onTestFinished(() => [first, second].forEach((database) => database.close()));

    await commitDurably(createSqliteLedgerStore({ database: first }), [{ kind: 'task', record: aTask() }]);

    expect(await createSqliteLedgerStore({ database: second }).listTasks(anId)).toEqual([]);
  });

  it('opens one database by all its names', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'real'));
    symlinkSync(join(directory, 'real'), join(directory, 'link'));
    const first = databaseOnDisk(join(directory, 'link', 'skein.db'));
    await commitDurably(createSqliteLedgerStore({ database: first }), [{ kind: 'task', record: aTask() }]);

    const second = openDatabase({ path: join(directory, 'real', 'skein.db'), mode: 'read_only' });
    onTestFinished(() => second.close());

    expect(await createSqliteLedgerStore({ database: second }).listTasks(anId)).toEqual([aTask()]);
  });

  it('says when it has been closed', async () => {
    const database = databaseOnDisk();
    const ledger = createSqliteLedgerStore({ database });
    database.close();
    database.close();

    const closed = { name: 'UnavailableError', code: 'database_closed' };
    await expect(ledger.listTasks(anId)).rejects.toMatchObject(closed);
    await expect(ledger.commit([{ kind: 'task', record: aTask() }])).rejects.toMatchObject(closed);
  });
});

describe('openDatabase read-only', () => {
  function ownerAndReader(): { owner: Database; reader: Database; path: string } {
    const path = join(temporaryDirectory(), 'skein.db');
    const owner = databaseOnDisk(path);
    const reader = openDatabase({ path, mode: 'read_only' });
    onTestFinished(() => reader.close());
    return { owner, reader, path };
  }

  it('sees what the owner commits while both have it open', async () => {
    const { owner, reader } = ownerAndReader();

    await commitDurably(createSqliteLedgerStore({ database: owner }), [{ kind: 'task', record: aTask() }]);

    expect(await createSqliteLedgerStore({ database: reader }).listTasks(anId)).toEqual([aTask()]);
  });

  it('refuses writes and says who takes them', async () => {
    const { reader } = ownerAndReader();

    const commit = createSqliteLedgerStore({ database: reader }).commit([{ kind: 'task', record: aTask() }]);

    await expect(commit).rejects.toMatchObject({
      name: 'InvalidRequestError',
      code: 'database_read_only',
      hint: 'Send the request to the process that owns the database.',
    });
  });

  it('finds no database where there is none, and makes none', () => {
    const directory = temporaryDirectory();

    const error = openingFails({ path: join(directory, 'skein.db'), mode: 'read_only' });

    expect(error).toMatchObject({ name: 'NotFoundError', code: 'database_not_found' });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('does not read a database that its owner has not brought up to date', () => {
    const path = join(temporaryDirectory(), 'skein.db');
    writeFileSync(path, '');

    const error = openingFails({ path, mode: 'read_only' });

    expect(error).toMatchObject({ name: 'InvalidRequestError', code: 'database_outdated' });
  });
});

describe.each(['owner', 'read_only'] as const)('openDatabase as %s', (mode) => {
  const refuses = (path: string, expected: { name: string; code: string }): EngineError => {
    const before = readFileSync(path);
    const rights = modeOf(path);

    const error = openingFails({ path, mode });

    expect(error).toMatchObject(expected);
    expect(error.hint).toMatch(/\.$/);
    expect(error.message).toContain(path);
    expect(readFileSync(path)).toEqual(before);
    expect(modeOf(path)).toBe(rights);
    return error;
  };

  it('refuses a file that is no database, and leaves it as it is', () => {
    const path = join(temporaryDirectory(), 'notes.txt');
    writeFileSync(path, 'Not a database, but long enough to have a header.\n'.repeat(100));

    refuses(path, { name: 'InvalidRequestError', code: 'not_a_skein_database' });
  });

  it.each([
    ['with tables', 'CREATE TABLE notes (text)'],
    ['without tables', 'PRAGMA application_id = 7; PRAGMA user_version = 1'],
  ])("refuses another program's database %s, and leaves it as it is", (_kind, sql) => {
    refuses(foreignDatabase(sql), { name: 'InvalidRequestError', code: 'not_a_skein_database' });
  });

  it('refuses a database that a newer program has written, and leaves it as it is', () => {
    const path = join(temporaryDirectory(), 'skein.db');
    databaseOnDisk(path).close();
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99; PRAGMA journal_mode = DELETE');
    newer.close();

    const error = refuses(path, { name: 'InvalidRequestError', code: 'database_too_new' });

    expect(error.details).toMatchObject({ version: 99 });
  });

  it('refuses a directory', () => {
    const path = temporaryDirectory();

    expect(openingFails({ path, mode })).toMatchObject({ name: 'InvalidRequestError', code: 'database_cannot_open' });
  });

  it.runIf(existsSync('/proc/self'))('a folder where nothing can be created is told, and not tried for ever', () => {
    expect(openingFails({ path: '/proc/none/skein.db', mode: 'owner' })).toMatchObject({
      name: 'InvalidRequestError',
      code: 'database_not_writable',
    });
  });
});

describe('openDatabase as owner', () => {
  it('refuses a path below a file', () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');

    const error = openingFails({ path: join(file, 'skein.db'), mode: 'owner' });

    expect(error).toMatchObject({ name: 'InvalidRequestError', code: 'database_not_writable' });
  });

  it('refuses a directory that this user may not write to', () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o555);

    const error = withoutRootRights(() => openingFails({ path: join(directory, 'skein.db'), mode: 'owner' }));

    expect(error).toMatchObject({ name: 'InvalidRequestError', code: 'database_not_writable' });
    expect(error.details).toMatchObject({ errno: 'EACCES' });
  });

  it('refuses a database whose directory this user may not write to', () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'skein.db');
    databaseOnDisk(path).close();
    chmodSync(directory, 0o555);

    const error = withoutRootRights(() => openingFails({ path, mode: 'owner' }));

    expect(error).toMatchObject({ name: 'InvalidRequestError', code: 'database_cannot_open' });
  });

  it('says when the database is damaged', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const first = databaseOnDisk(path);
    const ledger = createSqliteLedgerStore({ database: first });
    await ledger.commit([{ kind: 'task', record: aTask({ output: { inline: 'x'.repeat(100_000) } }) }]);
    first.close();
    // Page 1, with the schema, stays whole; of every other one nothing is left.
    const damaged = readFileSync(path);
    writeFileSync(path, damaged.fill(0xff, 4096));

    const open = () => openDatabase({ path, mode: 'owner' });

    expect(errorOf(open)).toMatchObject({ name: 'InvalidRequestError', code: 'database_corrupt' });
  });
});
