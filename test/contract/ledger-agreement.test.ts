import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore, createSqliteLedgerStore, openDatabase } from '../../adapters/embedded/index.ts';
import { commitAll, everything, randomBatches } from '../makers/random-commits.ts';
import { databaseOnDisk, temporaryDirectory } from '../makers/temporary-directory.ts';

describe('createMemoryLedgerStore and createSqliteLedgerStore', () => {
  it('agree on every result and every read, whatever is committed', async () => {
    const seen = new Set<string>();

    await fc.assert(
      fc.asyncProperty(randomBatches, async (sequence) => {
        const memory = createMemoryLedgerStore();
        const database = openDatabase({ mode: 'owner' });
        const sqlite = createSqliteLedgerStore({ database });

        for (const commits of sequence) {
          const [expected, results] = await Promise.all([commitAll(memory, commits), commitAll(sqlite, commits)]);
          for (const result of expected) seen.add(result);
          expect(results).toEqual(expected);
          expect(await everything(sqlite)).toEqual(await everything(memory));
        }
        database.close();
      }),
      { numRuns: 300 },
    );

    expect([...seen].toSorted()).toEqual(['committed', 'conflict', 'item_written_twice']);
  });

  it('agree after the database was closed and opened again', async () => {
    const directory = temporaryDirectory();
    let runs = 0;

    await fc.assert(
      fc.asyncProperty(randomBatches, async (sequence) => {
        const memory = createMemoryLedgerStore();
        const file = `${directory}/${runs++}.db`;

        for (const commits of sequence) {
          const database = databaseOnDisk(file);
          await Promise.all([commitAll(memory, commits), commitAll(createSqliteLedgerStore({ database }), commits)]);
          database.close();
        }

        const reopened = databaseOnDisk(file);
        expect(await everything(createSqliteLedgerStore({ database: reopened }))).toEqual(await everything(memory));
        reopened.close();
      }),
      { numRuns: 30 },
    );
  });
});
