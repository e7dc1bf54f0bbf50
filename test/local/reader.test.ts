import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NotFoundError } from '../../core/errors/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import type { BlobStore, LedgerStore } from '../../core/ports/index.ts';
import { createReader, openOwnedStores, openReader, type Stores } from '../../local/index.ts';
import { simulate } from '../makers/simulated-engine.ts';
import { aScenario, aTask, fails, goesOn, succeeds } from '../makers/small-scenario.ts';
import { temporaryDirectory } from '../makers/temporary-directory.ts';

/** Beyond what stands in a ledger item itself. */
const big = 'x'.repeat(40_000);

/** An execution that has ended, with a large value and a task that failed alone. */
async function ended() {
  const tasks = [
    aTask('clone'),
    aTask('lint', { continue_on_failure: true }),
    aTask('report', { depends_on: ['clone'] }),
  ];
  const run = await simulate(
    aScenario({
      ...goesOn,
      concurrency: { max_parallel: 2 },
      tasks,
      script: { clone: [succeeds(5, big)], lint: [fails(9)] },
    }),
  );
  return { ...run, reader: createReader(run.stores, () => false) };
}

const withLedger = (stores: Stores, change: Partial<LedgerStore>): Stores => ({
  ...stores,
  ledger: { ...stores.ledger, ...change },
});
const withBlobs = (stores: Stores, get: BlobStore['get']): Stores => ({ ...stores, blobs: { ...stores.blobs, get } });

const codesOf = (stores: Stores, id: ReturnType<typeof executionId>) =>
  createReader(stores, () => false)
    .verify(id)
    .then((violations) => [...new Set(violations.map(({ name }) => name))]);

describe('createReader', () => {
  it('reads view, plan, events and values of an execution', async () => {
    const { reader, execution, stores, events, compiled } = await ended();

    const view = await reader.view(execution);

    expect(view).toEqual(await stores.views.find(execution));
    expect(await reader.events(execution)).toEqual(events);
    expect((await reader.plan(execution)).digest).toBe(compiled.plan.digest);
    const output = view.tasks.find(({ path }) => path === 'clone')?.output;
    expect(output).toMatchObject({ bytes: 40_002 });
    expect(output && (await reader.value(output))).toBe(big);
    expect(await reader.value({ inline: [1] })).toEqual([1]);
  });

  it('shows what the events say, not what a view said that was stored earlier', async () => {
    const { reader, execution, stores } = await ended();
    const view = await reader.view(execution);
    await stores.views.put({ ...view, status: 'running', tasks: [], events: 2 });

    expect(await reader.view(execution)).toEqual(view);
  });

  it('explains an execution and each of its tasks', async () => {
    const { reader, execution } = await ended();

    const whole = await reader.explain(execution, undefined, 0);
    const task = await reader.explain(execution, taskPath('lint'), 0);

    expect(whole.sentence).toContain('succeeded');
    expect(task.sentence).toContain('failed');
  });

  it('refuses to tell of an execution that nobody knows', async () => {
    const { reader } = await ended();
    const unknown = executionId('exec_unknown');

    for (const read of [
      () => reader.view(unknown),
      () => reader.plan(unknown),
      () => reader.events(unknown),
      () => reader.explain(unknown, undefined, 0),
      () => reader.verify(unknown),
    ])
      await expect(read()).rejects.toMatchObject({ name: 'NotFoundError', code: 'execution_not_found' });
  });

  it('says which version it lacks to explain an execution', async () => {
    const { stores, execution } = await ended();
    const reader = createReader(
      { ...stores, definitions: { ...stores.definitions, find: async () => undefined } },
      () => false,
    );

    await expect(reader.plan(execution)).rejects.toMatchObject({
      code: 'workflow_not_found',
      message: 'The database lacks small 1.',
    });
  });
});

describe('Reader.verify', () => {
  it('finds nothing to object to in what the engine has recorded', async () => {
    const { reader, execution } = await ended();

    expect(await reader.verify(execution)).toEqual([]);
  });

  it('finds an event that is missing', async () => {
    const { stores, execution, events } = await ended();
    const gone = events.filter(({ path, type }) => path !== 'lint' || type !== 'task.assigned');

    const found = await codesOf(withLedger(stores, { listEvents: async () => gone }), execution);

    expect(found).toContain('missing_event');
  });

  it('finds a place of max_parallel that is still held after the end', async () => {
    const { stores, execution } = await ended();
    const holders = [taskPath('lint')];
    const findLimit = async () => ({ execution, limit: 'max_parallel', revision: 9, holders });

    expect(await codesOf(withLedger(stores, { findLimit }), execution)).toEqual(['limit_leaked']);
  });

  it('finds a value that is named and not stored', async () => {
    const { stores, execution } = await ended();
    const lost = withBlobs(stores, () =>
      Promise.reject(new NotFoundError({ code: 'blob_not_found', message: 'gone' })),
    );

    expect(await codesOf(lost, execution)).toEqual(['value_missing']);
  });

  it('does not call a value missing that it could not read', async () => {
    const { stores, execution } = await ended();
    const unreadable = withBlobs(stores, () => Promise.reject(new Error('the disk is slow')));

    expect(await codesOf(unreadable, execution)).toEqual([]);
  });

  it('finds a stored view that differs from the events, and does without one', async () => {
    const { stores, execution } = await ended();
    const view = await stores.views.find(execution);
    const views = { ...stores.views, find: async () => view && { ...view, workflow: 'other' } };
    const without = { ...stores.views, find: async () => undefined };

    expect(await codesOf({ ...stores, views }, execution)).toEqual(['view_differs']);
    expect(await codesOf({ ...stores, views: without }, execution)).toEqual([]);
  });
});

describe('Reader.list', () => {
  it('lists an execution that has not ended by its events, also where no view was stored', async () => {
    const { stores, execution, events } = await ended();
    const young = events.slice(0, 2);
    const reader = createReader(
      {
        ...withLedger(stores, { listEvents: async () => young, listOpenExecutions: async () => [execution] }),
        views: { ...stores.views, list: async () => [] },
      },
      () => true,
    );

    const [view] = await reader.list({ limit: 10 });
    const [succeeded, other, none] = [
      await reader.list({ limit: 10, status: 'succeeded' }),
      await reader.list({ limit: 10, workflow: 'other' }),
      await reader.list({ limit: 0 }),
    ];

    expect(view).toMatchObject({ execution, status: 'running', events: 2 });
    expect([succeeded, other, none]).toEqual([[], [], []]);
  });
});

describe('openReader', () => {
  it('reads beside the owner, and refuses a database that is not there', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'skein.db');
    const owned = await openOwnedStores(path, () => 'secret');
    onTestFinished(() => owned.close());

    const { reader, close } = openReader(path);
    const listed = await reader.list({ limit: 10 });
    close();

    expect(listed).toEqual([]);
    expect(() => openReader(join(directory, 'other.db'))).toThrow(
      expect.objectContaining({ code: 'database_not_found' }),
    );
  });
});
