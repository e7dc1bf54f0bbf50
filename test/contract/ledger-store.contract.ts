import { describe, expect, it } from 'vitest';
import { terminalExecutionStatuses } from '../../core/execution/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import {
  aBusEvent,
  aControl,
  aLimit,
  anEvent,
  anExecution,
  anId,
  aParkedEntry,
  aTask,
  aWatch,
} from '../makers/ledger-records.ts';

type Maker = (revision: number) => LedgerWrite;

const revised: readonly [string, Maker][] = [
  ['execution', (revision) => ({ kind: 'execution', record: anExecution({ revision }) })],
  ['task', (revision) => ({ kind: 'task', record: aTask({ revision }) })],
  ['limit', (revision) => ({ kind: 'limit', record: aLimit({ revision }) })],
  ['control', (revision) => ({ kind: 'control', record: aControl({ revision }) })],
];

const oneOfEach: readonly LedgerWrite[] = [
  { kind: 'execution', record: anExecution() },
  { kind: 'task', record: aTask() },
  { kind: 'limit', record: aLimit() },
  { kind: 'control', record: aControl() },
  { kind: 'event', event: anEvent() },
  { kind: 'bus_event', event: aBusEvent() },
  { kind: 'watch', watch: aWatch() },
  { kind: 'park', entry: aParkedEntry() },
];

const other = executionId('exec_2');

async function everything(store: LedgerStore): Promise<unknown> {
  return {
    execution: await store.findExecution(anId),
    open: await store.listOpenExecutions(),
    task: await store.findTask(anId, taskPath('lint')),
    limit: await store.findLimit(anId, 'max_parallel'),
    control: await store.findControl(aControl().key),
    events: await store.listEvents(anId),
    busEvents: await store.listBusEvents('build.finished', 0),
    watches: await store.listWatches(anId, taskPath('lint')),
    parked: await store.listParked(aParkedEntry().key, 10),
  };
}

/**
 * What every LedgerStore does. `create` makes an empty one. `writers` contend for one record: their commits grow with the square,
 * so a store behind a network takes fewer.
 */
export function ledgerStoreContract(name: string, create: () => LedgerStore, writers = 64): void {
  describe(name, () => {
    describe('conditions', () => conditions(create));
    describe('commits', () => commits(create));
    describe('contention', () => contention(create, writers));
    describe('reads', () => reads(create));
  });
}

function conditions(create: () => LedgerStore): void {
  describe.each(revised)('of a record of kind %s', (_kind, write) => {
    it('lets revision 1 in once', async () => {
      const store = create();

      expect(await store.commit([write(1)])).toBe('committed');
      expect(await store.commit([write(1)])).toBe('conflict');
    });

    it('lets the next revision in', async () => {
      const store = create();
      await store.commit([write(1)]);

      expect(await store.commit([write(2)])).toBe('committed');
      expect(await store.commit([write(3)])).toBe('committed');
    });

    it.each([2, 4])('keeps revision %i out when the stored one is 2', async (revision) => {
      const store = create();
      await store.commit([write(1)]);
      await store.commit([write(2)]);

      expect(await store.commit([write(revision)])).toBe('conflict');
    });

    it('keeps revision 2 out when there is none', async () => {
      const store = create();

      expect(await store.commit([write(2)])).toBe('conflict');
    });
  });

  it('lets an event of a path and number in once, whatever its clock says', async () => {
    const store = create();

    expect(await store.commit([{ kind: 'event', event: anEvent() }])).toBe('committed');
    expect(await store.commit([{ kind: 'event', event: anEvent({ lamport: 9 }) }])).toBe('conflict');
    expect(await store.listEvents(anId)).toEqual([anEvent()]);
  });

  it('lets an event of the coordination bus in once, by its id alone', async () => {
    const store = create();

    expect(await store.commit([{ kind: 'bus_event', event: aBusEvent() }])).toBe('committed');
    expect(await store.commit([{ kind: 'bus_event', event: aBusEvent({ type: 'other', time: 9 }) }])).toBe('conflict');
    expect(await store.listBusEvents('other', 0)).toEqual([]);
    expect(await store.listBusEvents('build.finished', 0)).toEqual([aBusEvent()]);
  });

  it('tells events apart by execution, path and number', async () => {
    const store = create();
    await store.commit([{ kind: 'event', event: anEvent() }]);

    expect(await store.commit([{ kind: 'event', event: anEvent({ n: 2 }) }])).toBe('committed');
    expect(await store.commit([{ kind: 'event', event: anEvent({ path: '' }) }])).toBe('committed');
    expect(await store.commit([{ kind: 'event', event: anEvent({ execution: other }) }])).toBe('committed');
  });

  it('puts and removes watches and parked entries freely', async () => {
    const store = create();
    const free: readonly LedgerWrite[] = [
      { kind: 'unwatch', watch: aWatch() },
      { kind: 'unpark', entry: aParkedEntry() },
      { kind: 'watch', watch: aWatch() },
      { kind: 'watch', watch: aWatch() },
      { kind: 'park', entry: aParkedEntry() },
      { kind: 'park', entry: aParkedEntry() },
    ];

    for (const write of free) expect(await store.commit([write])).toBe('committed');

    expect(await store.listWatches(anId, taskPath('lint'))).toEqual([aWatch()]);
    expect(await store.listParked(aParkedEntry().key, 10)).toEqual([aParkedEntry()]);
  });
}

function commits(create: () => LedgerStore): void {
  const gap: LedgerWrite = { kind: 'task', record: aTask({ path: taskPath('scan'), revision: 7 }) };

  it('stores everything when all conditions hold', async () => {
    const store = create();

    expect(await store.commit(oneOfEach)).toBe('committed');

    expect(await everything(store)).toEqual({
      execution: anExecution(),
      open: [anId],
      task: aTask(),
      limit: aLimit(),
      control: aControl(),
      busEvents: [aBusEvent()],
      events: [anEvent()],
      watches: [aWatch()],
      parked: [aParkedEntry()],
    });
  });

  it.each([
    ['first', [gap, ...oneOfEach]],
    ['last', [...oneOfEach, gap]],
  ])('stores nothing when the %s of many conditions does not hold', async (_place, writes) => {
    const store = create();
    const before = await everything(store);

    expect(await store.commit(writes)).toBe('conflict');

    expect(await everything(store)).toEqual(before);
  });

  it('takes back removals and changes as well', async () => {
    const store = create();
    await store.commit(oneOfEach);
    const before = await everything(store);

    const result = await store.commit([
      { kind: 'execution', record: anExecution({ revision: 2, status: 'failed' }) },
      { kind: 'unwatch', watch: aWatch() },
      { kind: 'unpark', entry: aParkedEntry() },
      gap,
    ]);

    expect(result).toBe('conflict');
    expect(await everything(store)).toEqual(before);
  });

  it('has nothing against an empty commit', async () => {
    expect(await create().commit([])).toBe('committed');
  });

  it('takes 100 writes and refuses 101, of which it stores none', async () => {
    const store = create();
    const writes = Array.from({ length: 101 }, (_, index) => {
      return { kind: 'task', record: aTask({ path: taskPath(`scan[${index}]`) }) } as const;
    });

    await expect(store.commit(writes)).rejects.toMatchObject({ name: 'InvariantError', code: 'commit_too_large' });
    expect(await store.listTasks(anId)).toEqual([]);
    expect(await store.commit(writes.slice(1))).toBe('committed');
    expect(await store.listTasks(anId)).toHaveLength(100);
  });

  it.each<[string, LedgerWrite]>([
    ['an execution', { kind: 'execution', record: anExecution() }],
    ['an event of the coordination bus', { kind: 'bus_event', event: aBusEvent() }],
  ])('counts %s as two of the 100', async (_item, write) => {
    const store = create();
    const tasks = Array.from({ length: 99 }, (_, index) => {
      return { kind: 'task', record: aTask({ path: taskPath(`scan[${index}]`) }) } as const;
    });

    await expect(store.commit([...tasks, write])).rejects.toMatchObject({ code: 'commit_too_large' });
    expect(await store.commit([...tasks.slice(1), write])).toBe('committed');
  });

  it.each<[string, LedgerWrite, LedgerWrite]>([
    ...revised.map(([kind, write]) => [kind, write(1), write(2)] as [string, LedgerWrite, LedgerWrite]),
    ['event', { kind: 'event', event: anEvent() }, { kind: 'event', event: anEvent({ lamport: 2 }) }],
    ['watch', { kind: 'watch', watch: aWatch() }, { kind: 'unwatch', watch: aWatch() }],
    ['parked entry', { kind: 'unpark', entry: aParkedEntry() }, { kind: 'park', entry: aParkedEntry() }],
  ])('refuses two writes on one %s, and stores neither', async (_item, first, second) => {
    const store = create();
    const before = await everything(store);

    const commit = store.commit([first, second]);

    await expect(commit).rejects.toMatchObject({ name: 'InvariantError', code: 'item_written_twice' });
    expect(await everything(store)).toEqual(before);
  });

  it('keeps concurrent commits apart: one that conflicts leaves its neighbours alone', async () => {
    const store = create();
    const task = (path: string, revision: number): LedgerWrite => {
      return { kind: 'task', record: aTask({ path: taskPath(path), revision }) };
    };

    const results = await Promise.all([
      store.commit([task('a', 1)]),
      store.commit([task('b', 1), task('c', 2)]),
      store.commit([task('b', 1), task('d', 1)]),
      store.commit([task('a', 1), task('e', 1)]),
      store.commit([task('a', 2)]),
    ]);

    const [first, unfit, apart, second, next] = results;
    // Of the two that create `a`, a store across a network may take either first, and what follows on it before or after that.
    expect([unfit, apart]).toEqual(['conflict', 'committed']);
    expect([first, second].toSorted()).toEqual(['committed', 'conflict']);
    const stored = (await store.listTasks(anId)).map(({ path, revision }) => `${path}${revision}`);
    const e = second === 'committed' ? ['e1'] : [];
    expect(stored).toEqual([next === 'committed' ? 'a2' : 'a1', 'b1', 'd1', ...e]);
  });
}

function contention(create: () => LedgerStore, writers: number): void {
  it(`lets ${writers} writers of one record each get through once, without a gap`, async () => {
    const store = create();
    const write = async (writer: number): Promise<void> => {
      const found = await store.findTask(anId, taskPath('lint'));
      const record = aTask({ revision: (found?.revision ?? 0) + 1, token: String(writer) });
      const event = anEvent({ n: record.revision, lamport: record.revision, time: writer });
      const result = await store.commit([
        { kind: 'task', record },
        { kind: 'event', event },
      ]);
      if (result === 'conflict') await write(writer);
    };

    await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));

    const events = await store.listEvents(anId);
    expect(events.map(({ n }) => n)).toEqual(Array.from({ length: writers }, (_, index) => index + 1));
    expect(new Set(events.map(({ time }) => time)).size).toBe(writers);
    expect(await store.findTask(anId, taskPath('lint'))).toMatchObject({ revision: writers });
  });
}

function reads(create: () => LedgerStore): void {
  it('finds nothing in an empty store', async () => {
    expect(await everything(create())).toEqual({
      execution: undefined,
      open: [],
      task: undefined,
      limit: undefined,
      control: undefined,
      events: [],
      busEvents: [],
      watches: [],
      parked: [],
    });
  });

  it('finds the record that was written last, with all it holds', async () => {
    const store = create();
    const output = { inline: { text: 'naïve “ünïcode” 🧶', nested: [1.5, null, { deep: [] }], 'a.b': false } };
    await store.commit([{ kind: 'task', record: aTask({ output: { inline: 'first' } }) }]);
    await store.commit([{ kind: 'task', record: aTask({ revision: 2, output }) }]);

    expect(await store.findTask(anId, taskPath('lint'))).toEqual(aTask({ revision: 2, output }));
  });

  it('finds tasks in the order asked for, undefined where there is none', async () => {
    const store = create();
    const [a, b] = [aTask({ path: taskPath('a') }), aTask({ path: taskPath('b') })];
    await store.commit([
      { kind: 'task', record: a },
      { kind: 'task', record: b },
    ]);

    expect(await store.findTasks(anId, ['b', 'missing', 'a', 'b'].map(taskPath))).toEqual([b, undefined, a, b]);
  });

  it('keeps executions apart', async () => {
    const store = create();
    await store.commit(oneOfEach);

    expect(await store.findExecution(other)).toBeUndefined();
    expect(await store.findTask(other, taskPath('lint'))).toBeUndefined();
    expect(await store.listTasks(other)).toEqual([]);
    expect(await store.findLimit(other, 'max_parallel')).toBeUndefined();
    expect(await store.findLimit(anId, 'rate')).toBeUndefined();
    expect(await store.listEvents(other)).toEqual([]);
    expect(await store.listWatches(other, taskPath('lint'))).toEqual([]);
    expect(await store.listWatches(anId, taskPath('report'))).toEqual([]);
    expect(await store.listParked('another key', 10)).toEqual([]);
  });

  it('lists the control records of one folder by their keys, and none of a folder within it', async () => {
    const store = create();
    const keys = ['pool/a/slot/2', 'pool/a/slot/10', 'pool/a', 'pool/a/slotted/1', 'pool/a%/1', 'pool/a#/2'];
    await store.commit(keys.map((key) => ({ kind: 'control', record: aControl({ key, value: key }) })));

    const listed = await Promise.all(['pool/a/slot', 'pool', 'pool/a#', 'poo'].map((it) => store.listControls(it)));

    expect(listed.map((records) => records.map(({ key }) => key))).toEqual([
      ['pool/a/slot/10', 'pool/a/slot/2'],
      ['pool/a'],
      ['pool/a#/2'],
      [],
    ]);
    expect(await store.findControl('pool/a')).toEqual(aControl({ key: 'pool/a', value: 'pool/a' }));
    expect(await store.findControl('pool/b')).toBeUndefined();
  });

  it.each(['', 'alone', '/name', 'folder/'])('refuses the key "%s", which names no folder', async (key) => {
    const store = create();

    await expect(store.commit([{ kind: 'control', record: aControl({ key }) }])).rejects.toMatchObject({
      name: 'InvariantError',
      code: 'no_folder',
    });
  });

  it('lists the watches that are left after a removal', async () => {
    const store = create();
    const watches = ['c', 'a', 'b'].map((consumer) => aWatch({ consumer: taskPath(consumer) }));
    await store.commit(watches.map((watch) => ({ kind: 'watch', watch })));
    await store.commit([{ kind: 'unwatch', watch: aWatch({ consumer: taskPath('a') }) }]);

    const consumers = (await store.listWatches(anId, taskPath('lint'))).map(({ consumer }) => consumer);
    expect(consumers.toSorted()).toEqual(['b', 'c']);
  });

  it('lists parked entries by arrival, then path, and no more than asked for', async () => {
    const store = create();
    const [late, second, first] = [
      aParkedEntry({ path: taskPath('a'), arrival: 2_000.5 }),
      aParkedEntry({ path: taskPath('c'), arrival: 1_000 }),
      aParkedEntry({ path: taskPath('b'), arrival: 1_000 }),
    ];
    await store.commit([late, second, first].map((entry) => ({ kind: 'park', entry })));

    expect(await store.listParked(first.key, 10)).toEqual([first, second, late]);
    expect(await store.listParked(first.key, 2)).toEqual([first, second]);
    expect(await store.listParked(first.key, 0)).toEqual([]);
    expect(await store.listParked(first.key, Number.MAX_SAFE_INTEGER)).toEqual([first, second, late]);
  });

  it('removes just the parked entry that is named, not one of the same task that came at another time', async () => {
    const store = create();
    const [old, fresh] = [aParkedEntry({ arrival: 1 }), aParkedEntry({ arrival: 2 })];
    await store.commit([{ kind: 'park', entry: old }]);
    await store.commit([{ kind: 'park', entry: fresh }]);

    await store.commit([{ kind: 'unpark', entry: old }]);

    expect(await store.listParked(old.key, 10)).toEqual([fresh]);
  });

  it('lists events by clock, then path, then number', async () => {
    const store = create();
    const place = (lamport: number, path: string, n: number) => anEvent({ lamport, path: taskPath(path), n });
    const sorted = [place(1, 'b', 2), place(2, '', 1), place(2, 'a', 1), place(2, 'a', 2), place(10, 'a', 3)];
    const [first, second, third, fourth, fifth] = sorted;
    const shuffled = [fifth!, third!, first!, fourth!, second!];

    await store.commit(shuffled.map((event) => ({ kind: 'event', event })));

    expect(await store.listEvents(anId)).toEqual(sorted);
  });

  it('lists events of the coordination bus by type, from a time on, by time and then id', async () => {
    const store = create();
    const [early, second, first, late, foreign] = [
      aBusEvent({ id: 'z', time: 1 }),
      aBusEvent({ id: 'b', time: 5.5 }),
      aBusEvent({ id: 'a', time: 5.5, data: { inline: { commit: 'c1' } } }),
      aBusEvent({ id: 'c', time: 6 }),
      aBusEvent({ id: 'd', type: 'build.started', time: 6 }),
    ];
    await store.commit([late, second, foreign, first, early].map((event) => ({ kind: 'bus_event', event })));

    expect(await store.listBusEvents('build.finished', 5.5)).toEqual([first, second, late]);
    expect(await store.listBusEvents('nothing', 0)).toEqual([]);
  });

  it('lists open executions, oldest first', async () => {
    const store = create();
    const starts = [
      ['exec_c', 1_000],
      ['exec_a', 2_000],
      ['exec_b', 1_000],
    ] as const;

    for (const [id, startedAt] of starts) {
      await store.commit([{ kind: 'execution', record: anExecution({ id: executionId(id), startedAt }) }]);
    }

    expect(await store.listOpenExecutions()).toEqual(['exec_b', 'exec_c', 'exec_a']);
  });

  it.each(terminalExecutionStatuses)('lists an execution no longer once it is %s', async (status) => {
    const store = create();
    await store.commit([{ kind: 'execution', record: anExecution() }]);
    await store.commit([{ kind: 'execution', record: anExecution({ revision: 2, status: 'stopping' }) }]);
    expect(await store.listOpenExecutions()).toEqual([anId]);

    await store.commit([{ kind: 'execution', record: anExecution({ revision: 3, status }) }]);

    expect(await store.listOpenExecutions()).toEqual([]);
  });
}
