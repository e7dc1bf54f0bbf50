import { describe, expect, it } from 'vitest';
import {
  createSqliteLedgerStore,
  createSqliteViewStore,
  latestTime,
  type Database,
} from '../../../adapters/embedded/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import { midnight } from '../../makers/event-log.ts';
import { aBusEvent, anEvent, anExecution } from '../../makers/ledger-records.ts';
import { commitDurably } from '../../makers/commit-durably.ts';
import { databaseOnDisk } from '../../makers/temporary-directory.ts';

/** An execution that runs and one that has ended, an hour later. */
async function aDatabase(): Promise<Database> {
  const database = databaseOnDisk();
  const ended = executionId('exec_2');
  await commitDurably(createSqliteLedgerStore({ database }), [
    { kind: 'execution', record: anExecution() },
    { kind: 'event', event: anEvent({ time: midnight + 5_000 }) },
    { kind: 'event', event: anEvent({ path: taskPath('scan'), time: midnight + 4_000 }) },
    { kind: 'execution', record: anExecution({ id: ended, status: 'succeeded' }) },
    { kind: 'event', event: anEvent({ execution: ended, time: midnight + 3_600_000 }) },
  ]);
  return database;
}

describe('latestTime', () => {
  it('is the beginning of time for an empty database', () => {
    expect(latestTime(databaseOnDisk())).toBe(0);
  });

  it('is that of the last event of what has not ended', async () => {
    expect(latestTime(await aDatabase())).toBe(midnight + 5_000);
  });

  it('is that of the last event of the bus, whoever published it', async () => {
    const database = await aDatabase();
    await commitDurably(createSqliteLedgerStore({ database }), [
      { kind: 'bus_event', event: aBusEvent({ time: midnight + 9_000 }) },
      { kind: 'bus_event', event: aBusEvent({ id: 'event-2', type: 'other', time: midnight + 6_000 }) },
    ]);

    expect(latestTime(database)).toBe(midnight + 9_000);
  });

  it('is that of the last start', async () => {
    const database = await aDatabase();
    await createSqliteViewStore({ database }).put({
      execution: executionId('exec_2'),
      workflow: 'review',
      version: '1',
      status: 'succeeded',
      startedAt: midnight + 7_000.5,
      input: { inline: {} },
      tasks: [],
      events: 2,
    });

    expect(latestTime(database)).toBe(midnight + 7_001);
  });
});
