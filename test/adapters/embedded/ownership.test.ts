import { readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireOwnership, announceOwner, findOwner, type Ownership } from '../../../adapters/embedded/index.ts';
import { startProcess } from '../../makers/child-process.ts';
import { databaseOnDisk, temporaryDirectory } from '../../makers/temporary-directory.ts';

const owningProcess = join(import.meta.dirname, 'owning-process.ts');
const owner = { pid: process.pid, port: 4711, secret: 'open sesame', since: 1_000.5 };

function acquire(path: string): Ownership | undefined {
  const ownership = acquireOwnership(path);
  onTestFinished(() => ownership?.release());
  return ownership;
}

describe('acquireOwnership', () => {
  it('gives a database one owner at a time', () => {
    const path = join(temporaryDirectory(), 'new', 'skein.db');

    const first = acquire(path);
    const second = acquire(path);
    const third = acquire(path);

    expect(first).toBeDefined();
    expect(second).toBeUndefined();
    expect(third).toBeUndefined();
  });

  it('gives it to the next one after a release, once', () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const first = acquire(path);
    first?.release();
    first?.release();

    expect(acquire(path)).toBeDefined();
    expect(acquire(path)).toBeUndefined();
  });

  it('keeps databases apart', () => {
    const directory = temporaryDirectory();

    expect(acquire(join(directory, 'skein.db'))).toBeDefined();
    expect(acquire(join(directory, 'another.db'))).toBeDefined();
  });

  it('knows a database by all its names', () => {
    const [directory, other] = [temporaryDirectory(), temporaryDirectory()];
    databaseOnDisk(join(directory, 'skein.db'));
    symlinkSync(directory, join(other, 'link'));
    symlinkSync(join(directory, 'skein.db'), join(other, 'link.db'));

    expect(acquire(join(directory, 'skein.db'))).toBeDefined();
    expect(acquire(join(other, 'link', 'skein.db'))).toBeUndefined();
    expect(acquire(join(other, 'link.db'))).toBeUndefined();
  });

  it('leaves one file, for this user only', () => {
    const directory = temporaryDirectory();

    acquire(join(directory, 'skein.db'));

    expect(readdirSync(directory)).toEqual(['skein.db.lock']);
    expect(statSync(join(directory, 'skein.db.lock')).mode & 0o777).toBe(0o600);
  });

  it('is not disturbed by others who look for the owner or open the database', () => {
    const path = join(temporaryDirectory(), 'skein.db');
    acquire(path);
    databaseOnDisk(path).close();

    findOwner(path);

    expect(acquire(path)).toBeUndefined();
  });

  it('holds against other processes, and for nobody who was killed', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const first = startProcess(owningProcess, path);
    await first.printed(1);
    const second = startProcess(owningProcess, path);
    await second.printed(1);

    expect([...first.lines, ...second.lines]).toEqual(['owned', 'not owned']);
    expect(acquire(path)).toBeUndefined();
    expect(findOwner(path)).toEqual({ ...owner, pid: first.pid });

    await first.kill();

    expect(findOwner(path)).toBeUndefined();
    expect(acquire(path)).toBeDefined();
  });
});

describe('findOwner', () => {
  it('finds nobody where there is no database, and makes none', () => {
    const directory = temporaryDirectory();

    expect(findOwner(join(directory, 'skein.db'))).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('finds an owner once it has announced itself', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    acquire(path);
    expect(findOwner(path)).toBeUndefined();
    const database = databaseOnDisk(path);
    expect(findOwner(path)).toBeUndefined();

    await announceOwner(database, owner);

    expect(findOwner(path)).toEqual(owner);
  });

  it('finds the last announcement', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    acquire(path);
    const database = databaseOnDisk(path);
    await announceOwner(database, { ...owner, port: 1 });

    await announceOwner(database, owner);

    expect(findOwner(path)).toEqual(owner);
  });

  it('finds nobody after a release', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const ownership = acquire(path);
    await announceOwner(databaseOnDisk(path), owner);

    ownership?.release();

    expect(findOwner(path)).toBeUndefined();
  });

  it('does not take a dead owner for the one that has just started', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const dead = acquire(path);
    const database = databaseOnDisk(path);
    await announceOwner(database, owner);
    database.close();
    dead?.release();

    acquire(path);
    databaseOnDisk(path);

    expect(findOwner(path)).toBeUndefined();
  });
});
