import { expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { durableReads } from '../../local/durable-reads.ts';
import { anExecution, anId } from '../makers/ledger-records.ts';

it('durableReads tells what it has read once that is durable', async () => {
  const disk = Promise.withResolvers<undefined>();
  const ledger = createMemoryLedgerStore();
  await ledger.commit([{ kind: 'execution', record: anExecution() }]);
  const told: unknown[] = [];

  const reading = durableReads({ ...ledger, durable: () => disk.promise }).findExecution(anId);
  void reading.then((record) => told.push(record));
  await new Promise((resolve) => setImmediate(resolve));

  expect(told).toEqual([]);
  disk.resolve(undefined);
  expect(await reading).toEqual(anExecution());
});
