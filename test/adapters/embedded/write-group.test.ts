import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createSqliteBlobStore,
  createSqliteDefinitionStore,
  createSqliteLedgerStore,
  createSqliteViewStore,
  type Database,
} from '../../../adapters/embedded/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { LedgerWrite } from '../../../core/ports/index.ts';
import { aTask, anEvent, anId } from '../../makers/ledger-records.ts';
import { databaseOnDisk, temporaryDirectory } from '../../makers/temporary-directory.ts';

const lint = taskPath('lint');

function taskWrite(path: string, revision = 1, text = ''): LedgerWrite {
  return { kind: 'task', record: aTask({ path: taskPath(path), revision, output: { inline: text } }) };
}

/** Leaves no room in the file but for this many pages of 4 KiB. */
function limitPages(database: Database, spare: number): void {
  const used = Number(database.prepare('PRAGMA page_count').get()?.page_count);
  database.prepare(`PRAGMA max_page_count = ${used + spare}`).get();
}

describe('writes of one turn of the event loop', () => {
  it('go to the disk together', async () => {
    const together = join(temporaryDirectory(), 'skein.db');
    const oneByOne = join(temporaryDirectory(), 'skein.db');
    const writes = Array.from({ length: 100 }, (_, index) => [taskWrite(`scan[${index}]`)]);

    const ledger = createSqliteLedgerStore({ database: databaseOnDisk(together) });
    await Promise.all(writes.map((write) => ledger.commit(write)));
    const patient = createSqliteLedgerStore({ database: databaseOnDisk(oneByOne) });
    for (const write of writes) await patient.commit(write);

    // A commit writes each page that it has changed: a hundred commits write their few pages a hundred times.
    const grown = (path: string): number => statSync(`${path}-wal`).size;
    expect(grown(together) * 5).toBeLessThan(grown(oneByOne));
  });

  it('show to no read before they are acknowledged', async () => {
    const database = databaseOnDisk();
    const ledger = createSqliteLedgerStore({ database });

    const commit = ledger.commit([taskWrite('lint')]);
    const during = await ledger.findTask(anId, lint);

    expect(during).toBeUndefined();
    expect(await commit).toBe('committed');
    expect(await ledger.findTask(anId, lint)).toBeDefined();
  });

  it('are stored as they were when they were given', async () => {
    const ledger = createSqliteLedgerStore({ database: databaseOnDisk() });
    const output = { inline: ['before'] };

    const commit = ledger.commit([{ kind: 'task', record: aTask({ output }) }]);
    output.inline[0] = 'after';
    await commit;

    expect(await ledger.findTask(anId, lint)).toMatchObject({ output: { inline: ['before'] } });
  });

  it('of all stores are durable together, and one that is refused leaves the others alone', async () => {
    const database = databaseOnDisk();
    const [ledger, blobs] = [createSqliteLedgerStore({ database }), createSqliteBlobStore({ database })];
    const refused = database.write(() => {
      database.prepare("INSERT INTO blobs (digest, text) VALUES ('x', 'half done')").run();
      throw new RangeError('no');
    });

    const results = await Promise.allSettled([
      ledger.commit([taskWrite('a')]),
      refused,
      blobs.put('text'),
      ledger.commit([taskWrite('b', 5)]),
      ledger.commit([taskWrite('c')]),
    ]);

    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(results[1]).toMatchObject({ reason: new RangeError('no') });
    expect(results[3]).toMatchObject({ value: 'conflict' });
    expect((await ledger.listTasks(anId)).map(({ path }) => path)).toEqual(['a', 'c']);
    await expect(blobs.get('x')).rejects.toMatchObject({ code: 'blob_not_found' });
  });
});

describe('a group whose COMMIT fails', () => {
  it('leaves nothing behind, and lets the store go on', async () => {
    const database = databaseOnDisk();
    const ledger = createSqliteLedgerStore({ database });
    // Checked by COMMIT and by nothing before it.
    const table = 'CREATE TABLE child (digest TEXT REFERENCES blobs (digest) DEFERRABLE INITIALLY DEFERRED)';
    await database.write(() => database.prepare(table).run());
    const orphan = database.prepare("INSERT INTO child VALUES ('nobody')");

    const results = await Promise.allSettled([ledger.commit([taskWrite('a')]), database.write(() => orphan.run())]);

    const failed = { status: 'rejected', reason: { name: 'InvariantError', code: 'database_error' } };
    expect(results).toMatchObject([failed, failed]);
    expect(await ledger.listTasks(anId)).toEqual([]);
    expect(await ledger.commit([taskWrite('a')])).toBe('committed');
    expect(await ledger.listTasks(anId)).toHaveLength(1);
  });
});

describe('a full disk', () => {
  it('rejects the group that does not fit, keeps what was acknowledged, and lets the store go on', async () => {
    const database = databaseOnDisk();
    const ledger = createSqliteLedgerStore({ database });
    await ledger.commit([taskWrite('lint')]);
    limitPages(database, 2);

    const results = await Promise.allSettled([
      ledger.commit([{ kind: 'event', event: anEvent() }, taskWrite('big', 1, 'x'.repeat(100_000))]),
      ledger.commit([taskWrite('small')]),
    ]);

    // SQLite gives up the whole transaction: whoever shares it has to try again.
    const full = { status: 'rejected', reason: { name: 'UnavailableError', code: 'disk_full' } };
    expect(results).toMatchObject([full, full]);
    expect((await ledger.listTasks(anId)).map(({ path }) => path)).toEqual(['lint']);
    expect(await ledger.listEvents(anId)).toEqual([]);

    limitPages(database, 1_000);
    expect(await ledger.commit([taskWrite('big', 1, 'x'.repeat(100_000))])).toBe('committed');
  });

  it('is told by every store in the same words', async () => {
    const database = databaseOnDisk();
    limitPages(database, 0);
    const text = 'x'.repeat(100_000);
    const view = { status: 'running', startedAt: 1, input: { inline: text }, tasks: [], events: 1 } as const;

    const writes = [
      () => createSqliteBlobStore({ database }).put(text),
      () => createSqliteViewStore({ database }).put({ execution: anId, workflow: 'review', version: '1', ...view }),
      // A casting boundary: the store keeps the plan and never looks into it.
      () => createSqliteDefinitionStore({ database }).publish({ name: 'a', version: '1', digest: text } as never),
    ];

    for (const write of writes) {
      await expect(write()).rejects.toMatchObject({ name: 'UnavailableError', code: 'disk_full' });
    }
  });
});

describe('another program that writes to the database', () => {
  it('makes the group fail until it is done', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const ledger = createSqliteLedgerStore({ database: databaseOnDisk(path) });
    const other = new DatabaseSync(path);
    onTestFinished(() => other.close());
    other.exec('BEGIN IMMEDIATE');

    const results = await Promise.allSettled([ledger.commit([taskWrite('a')]), ledger.commit([taskWrite('b')])]);

    const busy = { status: 'rejected', reason: { name: 'UnavailableError', code: 'database_busy' } };
    expect(results).toMatchObject([busy, busy]);
    expect(await ledger.listTasks(anId)).toEqual([]);
    other.exec('ROLLBACK');
    expect(await ledger.commit([taskWrite('a')])).toBe('committed');
  });
});
