import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore, createSqliteLedgerStore } from '../../adapters/embedded/index.ts';
import { taskPath, type ExecutionId } from '../../core/ids/index.ts';
import type { PlannedAgent, PlannedPool } from '../../core/plan/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import type { Slot } from '../../core/resilience/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import {
  createEngineHarness,
  type EngineHarness,
  type HarnessOptions,
  type PlanSketch,
} from '../makers/engine-harness.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const shared: PlannedPool = { name: 'shared', capacity: 3, instances: 3, strategy: 'least_loaded' };

interface Sketch extends HarnessOptions, Partial<Omit<PlanSketch, 'tasks'>> {
  readonly count?: number;
  readonly pool?: Partial<PlannedPool>;
  /** What a task has beside its id. */
  readonly taskOf?: (index: number) => object;
}

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

function pooled(pool: Partial<PlannedPool> = {}): PlannedAgent {
  return { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [], pool: { ...shared, ...pool } };
}

/** Independent tasks of one agent, which has a pool. */
async function harnessOf({ count = 10, pool, taskOf = () => ({}), ...rest }: Sketch = {}): Promise<EngineHarness> {
  const { ledger, engineId, onCall, capacity, agentTypes, ...plan } = rest;
  return createEngineHarness(
    {
      tasks: idsOf(count).map((id, index) => ({ id, queueTimeout: 86_400, continueOnFailure: true, ...taskOf(index) })),
      agents: { worker: pooled(pool) },
      onFailure: 'continue',
      ...plan,
    },
    {
      ...(ledger && { ledger }),
      ...(engineId !== undefined && { engineId }),
      ...(onCall && { onCall }),
      ...(capacity && { capacity }),
      ...(agentTypes && { agentTypes }),
    },
  );
}

async function dispatchAll(harness: EngineHarness, execution: ExecutionId, paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => harness.dispatch(execution, path)));
}

const calledPaths = ({ calls }: EngineHarness): string[] => calls.map(({ path }) => path);
const poolEvents = ({ events }: EngineHarness): string[] =>
  events.filter(({ type }) => type.startsWith('pool.')).map(({ type, path }) => `${type} ${path}`);

/** Who holds slots of the pool, by the slots' numbers. */
async function holdersOf(ledger: LedgerStore, pool = 'shared'): Promise<string[]> {
  const records = await ledger.listControls(`pool/${pool}/slot`);
  return records.flatMap(({ value }) => (value as Slot).holder?.path ?? []);
}

describe('a pool', () => {
  it.each([
    { ledger: 'the memory', create: createMemoryLedgerStore },
    { ledger: 'SQLite', create: () => createSqliteLedgerStore({ database: databaseOnDisk() }) },
  ])('has three slots for 40 who race for them in $ledger, and the others wait', async ({ create }) => {
    const harness = await harnessOf({ count: 40, ledger: create() });
    const execution = await harness.begin();

    await dispatchAll(harness, execution, idsOf(40));

    expect(calledPaths(harness)).toHaveLength(3);
    expect((await holdersOf(harness.ledger)).toSorted()).toEqual(calledPaths(harness).toSorted());
    expect(await harness.ledger.listParked('pool#shared', 100)).toHaveLength(37);
    const waiting = idsOf(40).find((id) => !calledPaths(harness).includes(id)) ?? '';
    expect(await harness.task(execution, waiting)).toMatchObject({
      status: 'parked',
      cause: { kind: 'pool', pool: 'shared', capacity: 3 },
    });
    expect(harness.errors).toEqual([]);
  });

  it('rests on the revisions of the slots alone: without that condition more than three get one', async () => {
    const harness = await harnessOf({ count: 40, ledger: withoutRevisions(createMemoryLedgerStore(), 'control') });
    const execution = await harness.begin();

    await dispatchAll(harness, execution, idsOf(40));

    expect(calledPaths(harness).length).toBeGreaterThan(3);
  });

  it('never has more calls at once than slots, and all tasks come to their turn', async () => {
    const harness = await harnessOf({ count: 40 });
    const execution = await harness.begin();
    await dispatchAll(harness, execution, idsOf(40));

    for (let answered = 0; answered < 40; answered += 1) {
      const live = calledPaths(harness).length - answered;
      expect(live).toBe(Math.min(3, 40 - answered));
      await harness.answer(execution, calledPaths(harness)[answered] ?? '');
    }

    expect(calledPaths(harness).toSorted()).toEqual(idsOf(40).toSorted());
    expect(await holdersOf(harness.ledger)).toEqual([]);
    expect(await harness.ledger.listParked('pool#shared', 1)).toEqual([]);
    expect(poolEvents(harness).map((line) => line.split(' ')[0])).toEqual(['pool.saturated', 'pool.recovered']);
  });

  it('tells each agent its slot, its instance and the fencing token, which rises', async () => {
    const harness = await harnessOf({ count: 5, pool: { capacity: 4, instances: 2 } });
    const execution = await harness.begin();
    await dispatchAll(harness, execution, idsOf(4));

    expect(harness.calls.map(({ slot }) => slot).toSorted((one, two) => (one?.slot ?? 0) - (two?.slot ?? 0))).toEqual(
      [0, 1, 2, 3].map((slot) => ({ pool: 'shared', slot, instance: slot % 2, token: 1 })),
    );
    const [first] = harness.calls;
    await harness.answer(execution, first?.path ?? '');
    await harness.dispatch(execution, 't4');
    expect(harness.calls.at(-1)?.slot).toEqual({ ...first?.slot, token: 3 });
  });

  it('gets a slot back with a failed attempt, and the retry queues anew', async () => {
    const retry = { maxAttempts: 2, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
    const harness = await harnessOf({ count: 2, pool: { capacity: 1, instances: 1 }, taskOf: () => ({ retry }) });
    const execution = await harness.begin();
    await dispatchAll(harness, execution, ['t0']);
    await dispatchAll(harness, execution, ['t1']);

    await harness.engine.answers.fail(harness.handle(execution, 't0'), { name: 'AgentCrashed', message: '' });
    await harness.quiet();

    expect(calledPaths(harness)).toEqual(['t0', 't1']);
    await harness.pass(SECOND);
    expect(await harness.task(execution, 't0')).toMatchObject({ cause: { kind: 'pool', position: 1 }, attempts: 1 });
    await harness.answer(execution, 't1');
    expect(calledPaths(harness)).toEqual(['t0', 't1', 't0']);
  });

  it('is shared by all executions of the tenant, in order', async () => {
    const harness = await harnessOf({ count: 2, pool: { capacity: 1, instances: 1 } });
    const [first, second] = [await harness.begin(), await harness.begin()];
    await harness.dispatch(first, 't0');
    await harness.dispatch(second, 't0');
    harness.clock.advanceBy(1);
    await harness.dispatch(first, 't1');

    await harness.answer(first, 't0');

    expect(harness.calls.map(({ execution, path }) => `${execution} ${path}`)).toEqual([`${first} t0`, `${second} t0`]);
    await harness.answer(second, 't0');
    expect(harness.calls.at(-1)).toMatchObject({ execution: first, path: 't1' });
  });

  it('costs nothing where no agent has one', async () => {
    const harness = await harnessOf({ agents: {} });
    const execution = await harness.begin();

    await dispatchAll(harness, execution, idsOf(10));

    expect(harness.calls).toHaveLength(10);
    expect(await harness.ledger.listControls('pool')).toEqual([]);
  });

  it('fails what comes when its queue is full', async () => {
    const harness = await harnessOf({ count: 8, pool: { maxQueue: 2 } });
    const execution = await harness.begin();

    await dispatchAll(harness, execution, idsOf(8));

    const records = await Promise.all(idsOf(8).map((id) => harness.task(execution, id)));
    expect(records.map((record) => record?.error?.name ?? record?.status).toSorted()).toEqual([
      'PoolQueueFull',
      'PoolQueueFull',
      'PoolQueueFull',
      'parked',
      'parked',
      'running',
      'running',
      'running',
    ]);
    expect(await harness.ledger.listParked('pool#shared', 10)).toHaveLength(2);
  });

  it('is found again by whoever hears of a slot, where a crash has swallowed what follows', async () => {
    const harness = await harnessOf({ count: 2, pool: { capacity: 1, instances: 1 } });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    await harness.dispatch(execution, 't1');
    const slot = await harness.ledger.findControl('pool/shared/slot/0');
    await harness.ledger.commit([
      {
        kind: 'control',
        record: { key: 'pool/shared/slot/0', value: { token: 2 }, revision: (slot?.revision ?? 0) + 1 },
      },
    ]);

    await harness.engine.repeat({ kind: 'control', key: 'pool/shared/slot/0' });

    expect(calledPaths(harness)).toEqual(['t0', 't1']);
    // The first one has lost its slot, and has nothing to give back.
    await harness.answer(execution, 't0');
    expect(await holdersOf(harness.ledger)).toEqual(['t1']);
  });
});

describe('the queue of a pool', () => {
  const one = { capacity: 1, instances: 1 };

  it('serves higher priorities first, and nobody waits for ever behind them', async () => {
    const harness = await harnessOf({ count: 30, pool: one, taskOf: (index) => ({ priority: index === 1 ? 0 : 9 }) });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    await harness.dispatch(execution, 't1');

    // One urgent task every 20 s, and each takes as long.
    for (let index = 2; index < 30; index += 1) {
      await harness.dispatch(execution, `t${index}`);
      harness.clock.advanceBy(20 * SECOND);
      await harness.answer(execution, calledPaths(harness).at(-1) ?? '');
    }

    const called = calledPaths(harness);
    expect(called.slice(0, 4)).toEqual(['t0', 't2', 't3', 't4']);
    // Nine priorities are worth 270 s of waiting.
    expect(called.indexOf('t1')).toBe(15);
  });

  it('does not wait for those whose execution is paused, and gives them their places back', async () => {
    const harness = await harnessOf({ count: 2, pool: one });
    const [first, second] = [await harness.begin(), await harness.begin()];
    await harness.dispatch(first, 't0');
    await harness.dispatch(first, 't1');
    harness.clock.advanceBy(1);
    await harness.dispatch(second, 't0');
    await harness.dispatch(second, 't1');

    await harness.engine.pause(first, { by: 'sam' });
    await harness.answer(first, 't0');

    expect(harness.calls.at(-1)).toMatchObject({ execution: second, path: 't0' });
    await harness.engine.unpause(first, { by: 'sam' });
    await harness.answer(second, 't0');
    expect(harness.calls.at(-1)).toMatchObject({ execution: first, path: 't1' });
  });

  it('does not wait for those whose execution is stopping', async () => {
    const harness = await harnessOf({ count: 2, pool: one });
    const [first, second, third] = [await harness.begin(), await harness.begin(), await harness.begin()];
    await harness.dispatch(third, 't0');
    await harness.dispatch(first, 't0');
    harness.clock.advanceBy(1);
    await harness.dispatch(second, 't0');

    await harness.engine.cancel(first, 'sam');
    await harness.answer(third, 't0');

    expect(harness.calls.at(-1)).toMatchObject({ execution: second, path: 't0' });
  });

  it('goes on where the one whose turn it is finds no place in its own execution', async () => {
    const harness = await harnessOf({ count: 2, pool: { capacity: 2, instances: 2 }, maxParallel: 1 });
    const [one, two, both, last] = [
      await harness.begin(),
      await harness.begin(),
      await harness.begin(),
      await harness.begin(),
    ];
    for (const holder of [one, two]) await harness.dispatch(holder, 't0');
    for (const path of ['t0', 't1']) await harness.dispatch(both, path);
    harness.clock.advanceBy(1);
    await harness.dispatch(last, 't0');
    await harness.answer(one, 't0');
    expect(harness.calls.at(-1)).toMatchObject({ execution: both, path: 't0' });

    await harness.answer(two, 't0');

    expect(await harness.task(both, 't1')).toMatchObject({ cause: { kind: 'concurrency' } });
    expect(harness.calls.at(-1)).toMatchObject({ execution: last, path: 't0' });
  });

  it('does not count what stands there and cannot be served, where a crash has left it', async () => {
    const harness = await harnessOf({ count: 2, pool: one });
    const [paused, other] = [await harness.begin(), await harness.begin()];
    await harness.engine.pause(paused, { by: 'sam' });
    const left = { key: 'pool#shared', execution: paused, path: taskPath('t1'), arrival: 0 };
    await harness.ledger.commit([{ kind: 'park', entry: left }]);

    await harness.dispatch(other, 't0');

    expect(calledPaths(harness)).toEqual(['t0']);
  });

  it('misses no slot that comes free just before it is entered', async () => {
    const ledger = createMemoryLedgerStore();
    let release: (() => Promise<void>) | undefined;
    const harness = await harnessOf({
      count: 2,
      pool: one,
      ledger: {
        ...ledger,
        listParked: async (key, limit) => {
          const parked = await ledger.listParked(key, limit);
          const now = key === 'pool#shared' ? release : undefined;
          if (now) release = undefined;
          await now?.();
          return parked;
        },
      },
    });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    release = () => harness.answer(execution, 't0');

    await harness.dispatch(execution, 't1');
    await harness.quiet();

    expect(calledPaths(harness)).toEqual(['t0', 't1']);
  });
});

describe('an instance of a pool that is drained', () => {
  const two = { count: 8, pool: { capacity: 4, instances: 2 } };
  const drain = { pool: 'shared', instance: 1, by: 'sam' } as const;

  it('finishes what it has, gets no other task, and is offline then', async () => {
    const harness = await harnessOf(two);
    const execution = await harness.begin();
    await dispatchAll(harness, execution, idsOf(4));

    const { instances, slots } = await harness.engine.changeInstance({ ...drain, to: 'closed' });
    expect(instances).toEqual([
      { instance: 0, status: 'busy', slots: 2, held: 2 },
      { instance: 1, status: 'draining', slots: 2, held: 2 },
    ]);
    for (const path of idsOf(8).slice(4)) await harness.dispatch(execution, path);
    for (const slot of slots) if (slot.instance === 1) await harness.answer(execution, slot.holder.path);

    expect(harness.calls).toHaveLength(4);
    expect((await harness.engine.findPool('shared'))?.instances[1]).toMatchObject({ status: 'offline', held: 0 });
    for (const slot of slots) if (slot.instance === 0) await harness.answer(execution, slot.holder.path);
    expect(harness.calls).toHaveLength(6);
    expect((await harness.engine.findPool('shared'))?.slots.map(({ instance }) => instance)).toEqual([0, 0]);
  });

  it('serves those who wait at once when it is opened again', async () => {
    const harness = await harnessOf(two);
    const execution = await harness.begin();
    await dispatchAll(harness, execution, ['t0']);
    await harness.engine.changeInstance({ ...drain, to: 'closed' });
    await dispatchAll(harness, execution, idsOf(8).slice(1));
    const before = harness.calls.length;

    await harness.engine.changeInstance({ ...drain, to: 'opened' });
    await harness.quiet();

    expect([before, harness.calls.length]).toEqual([2, 4]);
  });

  it('is told once on the coordination bus, with who wanted it', async () => {
    const harness = await harnessOf(two);
    const execution = await harness.begin();
    await dispatchAll(harness, execution, ['t0']);

    for (const to of ['closed', 'closed', 'opened'] as const)
      await harness.engine.changeInstance({ ...drain, instance: 0, to });

    const told = await harness.ledger.listBusEvents('agent.status_changed', 0);
    expect(told.map(({ source, data }) => [source, 'inline' in data && data.inline])).toEqual([
      ['sam', { pool: 'shared', instance: 0, from: 'busy', to: 'draining' }],
      ['sam', { pool: 'shared', instance: 0, from: 'draining', to: 'busy' }],
    ]);
  });

  it('gets nobody who looked before it was drained and takes the slot afterwards', async () => {
    const ledger = createMemoryLedgerStore();
    const drained: { now?: () => Promise<unknown> } = {};
    const harness: EngineHarness = await harnessOf({
      count: 2,
      pool: { capacity: 1, instances: 1 },
      ledger: {
        ...ledger,
        commit: async (writes) => {
          const { now } = drained;
          if (now && writes.some((write) => write.kind === 'control')) {
            delete drained.now;
            await now();
          }
          return ledger.commit(writes);
        },
      },
    });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    await harness.answer(execution, 't0');
    drained.now = () => harness.engine.changeInstance({ ...drain, instance: 0, to: 'closed' });

    await harness.dispatch(execution, 't1');

    expect(calledPaths(harness)).toEqual(['t0']);
    expect(await harness.task(execution, 't1')).toMatchObject({ cause: { kind: 'pool' } });
  });

  it('is one that the pool has, of a pool that somebody has used', async () => {
    const harness = await harnessOf(two);

    await expect(harness.engine.changeInstance({ ...drain, to: 'closed' })).rejects.toMatchObject({
      code: 'pool_not_found',
    });
    await dispatchAll(harness, await harness.begin(), ['t0']);
    await expect(harness.engine.changeInstance({ ...drain, instance: 2, to: 'closed' })).rejects.toMatchObject({
      code: 'instance_not_found',
    });
  });
});

describe('the status of pools and rates', () => {
  it('says who has the slots, since when, who waits, and what may be called', async () => {
    const agent = { ...pooled({ maxQueue: 20 }), rate: { calls: 5, per: 60 } };
    const harness = await harnessOf({ count: 6, agents: { worker: agent } });
    const execution = await harness.begin();
    for (const path of idsOf(6)) await harness.dispatch(execution, path);
    const now = harness.clock.now();

    const [pool, ...others] = await harness.engine.listPools();

    expect(others).toEqual([]);
    expect(pool).toMatchObject({ pool: 'shared', capacity: 3, strategy: 'least_loaded', maxQueue: 20, waiting: 3 });
    expect(pool?.slots.map(({ slot, since, holder }) => [slot, since, holder.attempt])).toEqual(
      [0, 1, 2].map((slot) => [slot, now, 1]),
    );
    expect(pool?.first).toEqual(['t3', 't4', 't5'].map((path) => ({ execution, path })));
    expect(await harness.engine.listRates()).toEqual([
      { agent: 'worker', calls: 5, per: 60, free: 2, waiting: 0, first: [] },
    ]);
    expect(await harness.engine.findPool('other')).toBeUndefined();
  });
});

describe('a look at a pool', () => {
  it('offers different slots to those who were woken together, before any of them has taken one', async () => {
    const ledger = createMemoryLedgerStore();
    const taken: string[] = [];
    const all = Promise.withResolvers<undefined>();
    let isArmed = false;
    const commit: LedgerStore['commit'] = async (writes) => {
      const slots = writes.flatMap((write) =>
        write.kind === 'control' && (write.record.value as Slot).holder ? [write.record.key] : [],
      );
      if (isArmed && slots.length > 0) {
        taken.push(...slots);
        if (taken.length === 3) all.resolve(undefined);
        await all.promise;
      }
      return ledger.commit(writes);
    };
    const pool = { strategy: 'round_robin' } as const;
    const harness = await harnessOf({ count: 6, pool, ledger: { ...ledger, commit } });
    const execution = await harness.begin();
    for (const path of idsOf(6)) await harness.dispatch(execution, path);
    for (const slot of [0, 1, 2]) {
      const key = `pool/shared/slot/${slot}`;
      const revision = ((await ledger.findControl(key))?.revision ?? 0) + 1;
      await ledger.commit([{ kind: 'control', record: { key, value: { token: 2, takenAt: slot }, revision } }]);
    }

    isArmed = true;
    await harness.engine.repeat({ kind: 'control', key: 'pool/shared/slot/0' });

    expect(calledPaths(harness)).toHaveLength(6);
    expect(taken.toSorted()).toEqual([0, 1, 2].map((slot) => `pool/shared/slot/${slot}`));
  });

  it('is repeated once the task stands in the queue, also where the pool was known to be saturated before', async () => {
    const ledger = createMemoryLedgerStore();
    let release: (() => Promise<void>) | undefined;
    const listParked: LedgerStore['listParked'] = async (key, limit) => {
      const parked = await ledger.listParked(key, limit);
      const now = key === 'pool#shared' ? release : undefined;
      if (now) release = undefined;
      await now?.();
      return parked;
    };
    const harness = await harnessOf({
      count: 2,
      pool: { capacity: 1, instances: 1 },
      ledger: { ...ledger, listParked },
    });
    const [paused, other] = [await harness.begin(), await harness.begin()];
    await harness.engine.pause(paused, { by: 'sam' });
    await harness.dispatch(other, 't0');
    // Somebody who cannot be served stands there, so that nobody finds the pool recovered.
    const record = await ledger.findControl('pool/shared');
    const value = { ...(record?.value as object), isSaturated: true };
    await ledger.commit([
      { kind: 'park', entry: { key: 'pool#shared', execution: paused, path: taskPath('t1'), arrival: 0 } },
      { kind: 'control', record: { key: 'pool/shared', value, revision: (record?.revision ?? 0) + 1 } },
    ]);
    release = () => harness.answer(other, 't0');

    await harness.dispatch(other, 't1');
    await harness.quiet();

    expect(calledPaths(harness)).toEqual(['t0', 't1']);
  });
});

describe('queue_timeout', () => {
  const one = { capacity: 1, instances: 1 };
  const twoTasks = { count: 2, pool: one, taskOf: () => ({ queueTimeout: 60, timeout: 86_400 }) };

  it('ends the wait for a slot with AllocationTimeout, and whoever stands behind moves up', async () => {
    const harness = await harnessOf({ ...twoTasks, count: 3 });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    await harness.dispatch(execution, 't1');
    await harness.pass(MINUTE - 1);
    await harness.dispatch(execution, 't2');
    expect(await harness.task(execution, 't1')).toMatchObject({ status: 'parked' });

    await harness.pass(1);

    expect(await harness.task(execution, 't1')).toMatchObject({
      status: 'failed',
      attempts: 0,
      error: { name: 'AllocationTimeout' },
    });
    expect((await harness.ledger.listParked('pool#shared', 9)).map(({ path }) => path)).toEqual(['t2']);
  });

  it('stands still while the execution is paused', async () => {
    const harness = await harnessOf(twoTasks);
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    await harness.dispatch(execution, 't1');
    await harness.pass(40 * SECOND);
    await harness.engine.pause(execution, { by: 'sam' });

    await harness.pass(60 * MINUTE);
    await harness.engine.unpause(execution, { by: 'sam' });
    await harness.pass(19 * SECOND);

    expect(await harness.task(execution, 't1')).toMatchObject({ status: 'parked', cause: { kind: 'pool' } });
    await harness.pass(SECOND);
    expect(await harness.task(execution, 't1')).toMatchObject({ error: { name: 'AllocationTimeout' } });
  });

  it('does not run while the task waits for something else', async () => {
    const harness = await harnessOf({ ...twoTasks, count: 3, maxParallel: 2, pool: { capacity: 3, instances: 3 } });
    const [mine, one, two] = [await harness.begin(), await harness.begin(), await harness.begin()];
    await dispatchAll(harness, one, ['t0', 't1']);
    await harness.dispatch(two, 't0');
    for (const path of ['t0', 't1', 't2']) await harness.dispatch(mine, path);
    await harness.pass(50 * SECOND);

    await harness.answer(one, 't0');
    await harness.answer(one, 't1');
    await harness.answer(two, 't0');

    expect(await harness.task(mine, 't0')).toMatchObject({ status: 'running' });
    expect(await harness.task(mine, 't0')).not.toHaveProperty('patience');
    expect(await harness.task(mine, 't2')).toMatchObject({
      cause: { kind: 'concurrency' },
      patience: { left: 10 * SECOND },
    });
    await harness.pass(10 * MINUTE);
    expect(await harness.task(mine, 't2')).toMatchObject({ status: 'parked' });
  });

  it('ends the wait for a breaker as well', async () => {
    const breaker = {
      failureThreshold: 1,
      successThreshold: 1,
      timeout: 3600,
      halfOpenMaxCalls: 1,
      whenOpen: 'wait',
    } as const;
    const agent = { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [], breaker };
    const harness = await harnessOf({ ...twoTasks, agents: { worker: agent } });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    await harness.engine.answers.fail(harness.handle(execution, 't0'), { name: 'AgentCrashed', message: '' });
    await harness.quiet();
    await harness.dispatch(execution, 't1');

    await harness.pass(MINUTE);

    expect(await harness.task(execution, 't1')).toMatchObject({ error: { name: 'AllocationTimeout' } });
  });
});
