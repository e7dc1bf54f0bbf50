import { describe, expect, it } from 'vitest';
import { createDynamoViewStore, createS3Objects } from '../../../adapters/aws/index.ts';
import { executionId } from '../../../core/ids/index.ts';
import { anS3Server } from '../../makers/an-s3-server.ts';
import { anId } from '../../makers/ledger-records.ts';
import { aLargeView, aView } from '../../makers/stored-records.ts';
import { aTable } from './a-table.ts';

const table = aTable();
const s3 = anS3Server();

function aStore() {
  const deps = table.deps();
  const objects = createS3Objects({ client: s3.client(), bucket: s3.bucket, tenant: deps.tenant });
  const mine = () => s3.keys().filter((key) => key.startsWith(`tenants/${deps.tenant}/`));
  return { store: createDynamoViewStore({ ...deps, objects }), keys: mine };
}

describe('createDynamoViewStore', () => {
  it.each([
    ['small', aView(), 0],
    ['of 10 KB', aView({ output: { inline: 'é'.repeat(5_000) } }), 0],
    ['that no item could hold', aLargeView(), 1],
  ])('gives back a view %s', async (_size, view, objects) => {
    const { store, keys } = aStore();

    await store.put(view);

    expect(await store.find(anId)).toEqual(view);
    expect(await store.list({ limit: 1 })).toEqual([view]);
    expect(keys()).toHaveLength(objects);
  });

  it('keeps one object for a view that was replaced, and none for one that has become small', async () => {
    const { store, keys } = aStore();

    for (const events of [2, 3, 3]) await store.put(aLargeView({ events }));
    expect(keys()).toHaveLength(1);
    await store.put(aView({ events: 4 }));

    expect(keys()).toEqual([]);
  });

  it('keeps the view that has folded more events, and no object of the other', async () => {
    const { store, keys } = aStore();
    await store.put(aView({ events: 9 }));

    await store.put(aLargeView({ events: 8 }));

    expect(await store.find(anId)).toEqual(aView({ events: 9 }));
    expect(keys()).toEqual([]);
  });

  it('finds what is wanted behind many that are not', async () => {
    const { store } = aStore();
    const puts = Array.from({ length: 120 }, (_, at) =>
      store.put(aView({ execution: executionId(`exec_${at}`), startedAt: at, status: at < 3 ? 'failed' : 'running' })),
    );
    await Promise.all(puts);

    const failed = await store.list({ workflow: 'review', status: 'failed', limit: 10 });
    const newest = await store.list({ workflow: 'review', limit: 110 });

    expect(failed.map(({ startedAt }) => startedAt)).toEqual([2, 1, 0]);
    expect(newest.map(({ startedAt }) => startedAt)).toEqual(Array.from({ length: 110 }, (_, at) => 119 - at));
  });
});
