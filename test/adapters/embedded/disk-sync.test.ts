import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DiskSync } from '../../../adapters/embedded/disk-sync.ts';
import { createWriteGroup } from '../../../adapters/embedded/write-group.ts';

/** A disk that is done when the test says so. */
function aSlowDisk() {
  const waiting: ((error?: unknown) => void)[] = [];
  let syncs = 0;
  const disk: DiskSync = {
    sync: (done) => {
      syncs += 1;
      waiting.push(done);
    },
    syncNow: () => void (syncs += 1),
    close: () => undefined,
  };
  return { disk, done: (error?: unknown) => waiting.shift()?.(error), syncs: () => syncs };
}

function aGroup() {
  const connection = new DatabaseSync(':memory:');
  onTestFinished(() => connection.close());
  connection.exec('CREATE TABLE texts (text TEXT)');
  const insert = connection.prepare('INSERT INTO texts VALUES (?)');
  const slow = aSlowDisk();
  const group = createWriteGroup(connection, 'a.db', slow.disk);
  const answered: string[] = [];
  const write = (text: string) => {
    const written = group.enqueue(
      () => void insert.run(text),
      () => false,
    );
    written.then(
      () => answered.push(text),
      () => answered.push(`${text} lost`),
    );
    return written;
  };
  const stored = () =>
    connection
      .prepare('SELECT text FROM texts')
      .all()
      .map(({ text }) => text);
  return { ...slow, group, write, stored, answered };
}

const aTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('createWriteGroup', () => {
  it('answers when the disk is done, and not when SQLite is', async () => {
    const { write, stored, answered, done } = aGroup();
    const writing = write('a');
    await aTurn();

    expect(stored()).toEqual(['a']);
    expect(answered).toEqual([]);
    done();
    await writing;
    expect(answered).toEqual(['a']);
  });

  it('makes one group of what is queued while the disk works', async () => {
    const { write, stored, answered, done, syncs } = aGroup();
    void write('a');
    await aTurn();
    void write('b');
    await aTurn();
    void write('c');
    await aTurn();

    expect(stored()).toEqual(['a']);
    done();
    await aTurn();
    expect(stored()).toEqual(['a', 'b', 'c']);
    expect(answered).toEqual(['a']);
    done();
    await aTurn();
    expect(answered).toEqual(['a', 'b', 'c']);
    expect(syncs()).toBe(2);
  });

  it('rejects what the disk has not kept', async () => {
    const { write, done } = aGroup();
    const writing = write('a');
    await aTurn();
    done(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' }));

    await expect(writing).rejects.toThrow('fdatasync');
  });

  it('writes nothing more once the disk has not kept something: what it says then is not to be relied on', async () => {
    const { group, write, stored, answered, done } = aGroup();
    void write('a');
    await aTurn();
    void write('b');

    done(new Error('EIO'));
    await aTurn();
    void write('c');
    await aTurn();
    done();
    group.flush();
    await aTurn();

    expect(answered).toEqual(['a lost', 'b lost', 'c lost']);
    expect(stored()).toEqual(['a']);
  });

  it('waits for the disk itself when it is flushed, also for what the disk works on', async () => {
    const { group, write, answered, done, syncs } = aGroup();
    void write('a');
    await aTurn();
    void write('b');

    group.flush();
    await aTurn();

    expect(answered).toEqual(['a', 'b']);
    expect(syncs()).toBe(2);
    done();
    expect(answered).toEqual(['a', 'b']);
  });
});
