import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  createSqliteBlobStore,
  createSqliteDefinitionStore,
  createSqliteLedgerStore,
  createSqliteViewStore,
  openDatabase,
  type Database,
} from '../../../adapters/embedded/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { LedgerWrite } from '../../../core/ports/index.ts';
import { commitDurably } from '../../makers/commit-durably.ts';
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
    await Promise.all(writes.map((write) => commitDurably(ledger, write)));
    const patient = createSqliteLedgerStore({ database: databaseOnDisk(oneByOne) });
    for (const write of writes) await commitDurably(patient, write);

    // A commit writes each page that it has changed: a hundred commits write their few pages a hundred times.
    const grown = (path: string): number => statSync(`${path}-wal`).size;
    expect(grown(together) * 5).toBeLessThan(grown(oneByOne));
  });

  it('are read by this process at once, and by others when they are durable', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const ledger = createSqliteLedgerStore({ database: databaseOnDisk(path) });
    const elsewhere = openDatabase({ path, mode: 'read_only' });
    onTestFinished(() => elsewhere.close());
    const seen = async () =>
      (await createSqliteLedgerStore({ database: elsewhere }).findTask(anId, lint)) !== undefined;

    expect(await ledger.commit([taskWrite('lint')])).toBe('committed');
    expect(await ledger.findTask(anId, lint)).toBeDefined();
    expect(await seen()).toBe(false);
    await ledger.durable();
    expect(await seen()).toBe(true);
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
    await ledger.durable();
    await expect(blobs.get('x')).rejects.toMatchObject({ code: 'blob_not_found' });
  });
});

describe('a commit that is lost', () => {
  const full = { name: 'UnavailableError', code: 'disk_full' };

  it('takes the group with it, and keeps what was durable before', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const database = databaseOnDisk(path);
    const ledger = createSqliteLedgerStore({ database });
    await commitDurably(ledger, [taskWrite('lint')]);
    limitPages(database, 2);

    const results = await Promise.allSettled([
      commitDurably(ledger, [{ kind: 'event', event: anEvent() }, taskWrite('big', 1, 'x'.repeat(100_000))]),
      commitDurably(ledger, [taskWrite('small')]),
    ]);

    // SQLite gives up the whole transaction.
    expect(results).toMatchObject([
      { status: 'rejected', reason: full },
      { status: 'rejected', reason: full },
    ]);
    database.close();
    const reopened = createSqliteLedgerStore({ database: databaseOnDisk(path) });
    expect((await reopened.listTasks(anId)).map(({ path }) => path)).toEqual(['lint']);
    expect(await reopened.listEvents(anId)).toEqual([]);
    expect(await commitDurably(reopened, [taskWrite('big', 1, 'x'.repeat(100_000))])).toBe('committed');
  });

  it('is the last one that is accepted: what is in memory rests on it', async () => {
    const database = databaseOnDisk();
    const ledger = createSqliteLedgerStore({ database });
    limitPages(database, 0);
    await expect(commitDurably(ledger, [taskWrite('big', 1, 'x'.repeat(100_000))])).rejects.toMatchObject(full);
    limitPages(database, 1_000);

    await expect(ledger.commit([taskWrite('lint')])).rejects.toMatchObject(full);
    await expect(ledger.durable()).rejects.toMatchObject(full);
  });

  it('is the last one that is written, also of those that were accepted while the disk worked', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const database = databaseOnDisk(path);
    const ledger = createSqliteLedgerStore({ database });
    const write = "INSERT INTO tasks (execution, path, revision, record) VALUES ('exec_1', 'lint', 5, '{}')";
    await ledger.findTask(anId, lint);
    await commitDurably(ledger, [taskWrite('scan')]);
    database.prepare(write).run();
    const changed = { code: 'database_changed' };

    const lost = ledger.commit([taskWrite('lint')]).then(() => ledger.durable());
    const other = createSqliteBlobStore({ database }).put('text');
    await new Promise((resolve) => setImmediate(resolve));
    const after = ledger.commit([taskWrite('after')]).then(() => ledger.durable());

    await expect(lost).rejects.toMatchObject(changed);
    await expect(after).rejects.toMatchObject(changed);
    await other;
    database.close();
    const reopened = createSqliteLedgerStore({ database: databaseOnDisk(path) });
    expect(await reopened.findTask(anId, taskPath('after'))).toBeUndefined();
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

    const results = await Promise.allSettled(['a', 'b'].map((task) => commitDurably(ledger, [taskWrite(task)])));

    const busy = { status: 'rejected', reason: { name: 'UnavailableError', code: 'database_busy' } };
    expect(results).toMatchObject([busy, busy]);
    other.exec('ROLLBACK');
    const again = createSqliteLedgerStore({ database: databaseOnDisk(path) });
    expect(await again.listTasks(anId)).toEqual([]);
    expect(await commitDurably(again, [taskWrite('a')])).toBe('committed');
  });
});
