import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDynamoLedgerStore } from '../../../adapters/aws/index.ts';
import { createMemoryLedgerStore } from '../../../adapters/embedded/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../../../core/ports/index.ts';
import { anEvent, anId, aTask } from '../../makers/ledger-records.ts';
import { everything, randomBatches } from '../../makers/random-commits.ts';
import { aTable, type TableDeps } from './a-table.ts';
import { chooseBy, plantFaults, type Fault } from './faulty-client.ts';

const table = aTable();

/** A store whose next tries meet these faults, one each; undefined: that try meets none. */
function meeting(...faults: readonly (Fault | undefined)[]): { faulty: LedgerStore; sound: LedgerStore } {
  const deps = table.deps();
  const client = table.newClient();
  const left = [...faults];
  plantFaults(client, () => left.shift());
  return { faulty: createDynamoLedgerStore({ ...deps, client }), sound: createDynamoLedgerStore(deps) };
}

const create: readonly LedgerWrite[] = [
  { kind: 'task', record: aTask() },
  { kind: 'event', event: anEvent() },
];

describe('createDynamoLedgerStore.commit', () => {
  it.each<Fault>(['throttle', 'lost_request', 'lost_answer'])('commits once in spite of %s', async (fault) => {
    const { faulty, sound } = meeting(fault, fault);

    expect(await faulty.commit(create)).toBe('committed');

    expect(await faulty.commit(create)).toBe('conflict');
    expect(await sound.findTask(anId, taskPath('lint'))).toEqual(aTask());
  });

  it('takes a transaction that met another one for a conflict, and has written nothing', async () => {
    const { faulty, sound } = meeting('conflict');

    expect(await faulty.commit(create)).toBe('conflict');

    expect(await sound.listTasks(anId)).toEqual([]);
    expect(await faulty.commit(create)).toBe('committed');
  });

  it('says that the table did not answer when a partition is too busy, and has written nothing', async () => {
    const { faulty, sound } = meeting('throttled_transaction');

    await expect(faulty.commit(create)).rejects.toMatchObject({
      name: 'UnavailableError',
      code: 'database_unavailable',
      details: { aws: 'TransactionCanceledException' },
    });
    expect(await sound.listTasks(anId)).toEqual([]);
  });

  it('does not say committed when all its tries have lost the answer, though it is', async () => {
    const { faulty, sound } = meeting('lost_answer', 'lost_answer', 'lost_answer');

    await expect(faulty.commit(create)).rejects.toMatchObject({ name: 'UnavailableError' });

    expect(await sound.findTask(anId, taskPath('lint'))).toEqual(aTask());
    expect(await faulty.commit(create)).toBe('conflict');
  });

  it('does not park again what was unparked before a late try', async () => {
    const { faulty, sound } = meeting('lost_answer');
    const entry = { key: 'limit', execution: anId, path: taskPath('lint'), arrival: 1 };

    await faulty.commit([{ kind: 'park', entry }]);
    await sound.commit([{ kind: 'unpark', entry }]);

    expect(await sound.listParked('limit', 1)).toEqual([]);
  });
});

describe('createDynamoLedgerStore', () => {
  it('finds all of a batch that is answered in parts', async () => {
    const { faulty, sound } = meeting('partial_batch', 'partial_batch', 'partial_batch');
    const paths = Array.from({ length: 5 }, (_, index) => taskPath(`scan[${index}]`));
    await sound.commit(paths.map((path) => ({ kind: 'task', record: aTask({ path }) })));

    const found = await faulty.findTasks(anId, paths);

    expect(found.map((task) => task?.path)).toEqual(paths);
  });

  it('changes and loses nothing that it has acknowledged, whatever faults random commits meet', async () => {
    const luck = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 20, maxLength: 40 });
    const seen = new Set<string>();

    await fc.assert(
      fc.asyncProperty(randomBatches, luck, async (sequence, numbers) => {
        const model = await modelOf(sequence.flat(), table.deps(), numbers);
        for (const outcome of model) seen.add(outcome);
      }),
      { numRuns: 25, endOnFailure: true },
    );

    expect([...seen].toSorted()).toEqual(['committed', 'conflict', 'database_unavailable', 'item_written_twice']);
  }, 300_000);
});

/** Makes the commits on a store with faults and on a model, and holds the store against the model. Answers the outcomes. */
async function modelOf(
  commits: readonly (readonly LedgerWrite[])[],
  deps: TableDeps,
  luck: readonly number[],
): Promise<readonly string[]> {
  const client = table.newClient();
  const met = plantFaults(client, chooseBy(luck, 40));
  const faulty = createDynamoLedgerStore({ ...deps, client });
  const sound = createDynamoLedgerStore(deps);
  const accepted: (readonly LedgerWrite[])[] = [];
  const outcomes: string[] = [];
  for (const writes of commits) {
    const before = met.length;
    const outcome = await faulty.commit(writes).catch(codeOf);
    const [ifMade, expected] = await replay([...accepted, writes]);
    outcomes.push(outcome);
    if (outcome === 'committed') accepted.push(writes);
    // Only a transaction that met another one may lose where nothing was in its way.
    const mayLose = outcome === 'conflict' && met.slice(before).includes('conflict');
    const isUnknown = outcome === 'database_unavailable';
    if (!mayLose && !isUnknown) expect(outcome).toBe(expected);
    const isMade = isUnknown && expected === 'committed' && (await isEqual(sound, ifMade));
    if (isMade) accepted.push(writes);
  }
  const [model] = await replay(accepted);
  expect(await everything(sound)).toEqual(await everything(model));
  const read = await everything(faulty).catch(codeOf);
  if (read !== 'database_unavailable') expect(read).toEqual(await everything(model));
  return outcomes;
}

/** A ledger in memory after these commits, and the outcome of the last one. */
async function replay(commits: readonly (readonly LedgerWrite[])[]): Promise<readonly [LedgerStore, string]> {
  const model = createMemoryLedgerStore();
  let last = 'committed';
  for (const writes of commits) last = await model.commit(writes).catch(codeOf);
  return [model, last];
}

async function isEqual(a: LedgerStore, b: LedgerStore): Promise<boolean> {
  return JSON.stringify(await everything(a)) === JSON.stringify(await everything(b));
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}
