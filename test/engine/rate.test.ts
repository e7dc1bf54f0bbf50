import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore, createSqliteLedgerStore } from '../../adapters/embedded/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { RateLog, RateSettings } from '../../core/resilience/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createEngineHarness, type EngineHarness, type HarnessOptions } from '../makers/engine-harness.ts';
import { databaseOnDisk } from '../makers/temporary-directory.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Sketch extends HarnessOptions {
  readonly count?: number;
  readonly rate?: RateSettings;
  readonly maxParallel?: number;
  /** What the agent has beside its limit. */
  readonly agent?: object;
  /** What a task has beside its id. */
  readonly taskOf?: (index: number) => object;
}

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

/** Independent tasks of one agent, which may be called three times a minute. */
async function harnessOf({ count = 10, rate, maxParallel, agent, taskOf = () => ({}), ...options }: Sketch = {}) {
  const limited = { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [], ...agent };
  return createEngineHarness(
    {
      tasks: idsOf(count).map((id, index) => ({
        id,
        queueTimeout: 86_400,
        timeout: 86_400,
        continueOnFailure: true,
        ...taskOf(index),
      })),
      agents: { worker: { ...limited, rate: rate ?? { calls: 3, per: 60 } } },
      onFailure: 'continue',
      timeout: 864_000,
      ...(maxParallel !== undefined && { maxParallel }),
    },
    options,
  );
}

async function dispatchAll(harness: EngineHarness, execution: ExecutionId, paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => harness.dispatch(execution, path)));
}

const calledPaths = ({ calls }: EngineHarness): string[] => calls.map(({ path }) => path);
const log = async ({ ledger }: EngineHarness) =>
  (await ledger.findControl('rate/worker'))?.value as RateLog | undefined;
const countedIn = async (harness: EngineHarness) =>
  (await log(harness))?.starts.reduce((sum, { calls }) => sum + calls, 0) ?? 0;

describe('a rate limit', () => {
  it.each([
    { ledger: 'the memory', create: createMemoryLedgerStore },
    { ledger: 'SQLite', create: () => createSqliteLedgerStore({ database: databaseOnDisk() }) },
  ])('lets three call of 50 who race in $ledger, and tells the others when their turn is', async ({ create }) => {
    const harness = await harnessOf({ count: 50, ledger: create() });
    const execution = await harness.begin();
    const now = harness.clock.now();

    await dispatchAll(harness, execution, idsOf(50));

    expect(calledPaths(harness)).toHaveLength(3);
    expect(await countedIn(harness)).toBe(3);
    expect(await harness.ledger.listParked('rate#worker', 100)).toHaveLength(47);
    const waiting = idsOf(50).find((id) => !calledPaths(harness).includes(id)) ?? '';
    expect(await harness.task(execution, waiting)).toMatchObject({
      status: 'parked',
      cause: { kind: 'rate', agent: 'worker', calls: 3, per: 60 },
    });
    await harness.pass(MINUTE - 1);
    expect(calledPaths(harness)).toHaveLength(3);
    await harness.pass(1);
    expect(calledPaths(harness)).toHaveLength(6);
    expect(harness.clock.now() - now).toBe(MINUTE);
    expect(harness.errors).toEqual([]);
  });

  it('rests on the revision of what is counted alone: without that condition more than three call', async () => {
    const harness = await harnessOf({ count: 50, ledger: withoutRevisions(createMemoryLedgerStore(), 'control') });
    const execution = await harness.begin();

    await dispatchAll(harness, execution, idsOf(50));

    expect(calledPaths(harness).length).toBeGreaterThan(3);
  });

  it('comes to the turn of all, in order, three in any minute and no later than that', async () => {
    const harness = await harnessOf({ count: 12 });
    const execution = await harness.begin();
    const now = harness.clock.now();
    const at = new Map<string, number>();
    for (const [index, path] of idsOf(12).entries()) {
      await harness.dispatch(execution, path);
      if (index < 3) harness.clock.advanceBy(5 * SECOND);
      else harness.clock.advanceBy(1);
    }

    for (let seconds = 0; seconds < 300; seconds += 1) {
      for (const path of calledPaths(harness)) if (!at.has(path)) at.set(path, harness.clock.now() - now);
      await harness.pass(SECOND - ((harness.clock.now() - now) % SECOND));
    }

    expect([...at.keys()]).toEqual(idsOf(12));
    expect([...at.values()].slice(3)).toEqual([60, 65, 70, 120, 125, 130, 180, 185, 190].map((it) => it * SECOND));
    expect(await harness.ledger.listParked('rate#worker', 1)).toEqual([]);
  });

  it('tells each who comes its own turn', async () => {
    const harness = await harnessOf({ count: 8 });
    const execution = await harness.begin();
    const now = harness.clock.now();
    for (const path of idsOf(8)) {
      await harness.dispatch(execution, path);
      harness.clock.advanceBy(SECOND);
    }

    const turns = await Promise.all(
      idsOf(8)
        .slice(3)
        .map((path) => harness.task(execution, path)),
    );

    const at = turns.map((record) => (record?.cause?.kind === 'rate' ? (record.cause.at - now) / SECOND : 0));
    expect(at).toEqual([60, 61, 62, 120, 121]);
  });

  it('is one for all executions of the tenant, whatever they are called for', async () => {
    const harness = await harnessOf({ count: 2 });
    const executions = [await harness.begin(), await harness.begin(), await harness.begin()];

    for (const execution of executions) await dispatchAll(harness, execution, ['t0', 't1']);

    expect(harness.calls).toHaveLength(3);
    await harness.pass(MINUTE);
    expect(harness.calls).toHaveLength(6);
  });

  it('serves higher priorities first', async () => {
    const harness = await harnessOf({
      count: 6,
      rate: { calls: 1, per: 60 },
      taskOf: (index) => ({ priority: index }),
    });
    const execution = await harness.begin();
    for (const path of idsOf(6)) {
      await harness.dispatch(execution, path);
      harness.clock.advanceBy(1);
    }

    for (let turns = 0; turns < 6; turns += 1) await harness.pass(MINUTE);

    expect(calledPaths(harness)).toEqual(['t0', 't5', 't4', 't3', 't2', 't1']);
  });

  it('counts the calls of retries', async () => {
    const retry = { maxAttempts: 2, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
    const harness = await harnessOf({ count: 1, rate: { calls: 1, per: 60 }, taskOf: () => ({ retry }) });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');

    await harness.engine.answers.fail(harness.handle(execution, 't0'), { name: 'AgentCrashed', message: '' });
    await harness.quiet();
    await harness.pass(SECOND);

    expect(await harness.task(execution, 't0')).toMatchObject({ cause: { kind: 'rate' }, attempts: 1 });
    await harness.pass(MINUTE);
    expect(calledPaths(harness)).toEqual(['t0', 't0']);
  });

  it('costs nothing where no agent has one', async () => {
    const harness = await createEngineHarness({ tasks: idsOf(10).map((id) => ({ id })) });
    const execution = await harness.begin();

    await dispatchAll(harness, execution, idsOf(10));

    expect(harness.calls).toHaveLength(10);
    expect(await harness.ledger.listControls('rate')).toEqual([]);
  });

  it('does not count a call that a pause has kept from being made', async () => {
    const ledger = createMemoryLedgerStore();
    const paused: { now?: () => Promise<unknown> } = {};
    const harness: EngineHarness = await harnessOf({
      count: 2,
      rate: { calls: 1, per: 60 },
      ledger: {
        ...ledger,
        commit: async (writes) => {
          const takes = writes.some((write) => write.kind === 'control');
          const result = await ledger.commit(writes);
          const { now } = paused;
          if (takes && now) {
            delete paused.now;
            await now();
          }
          return result;
        },
      },
    });
    const execution = await harness.begin();
    paused.now = () => harness.engine.pause(execution, { by: 'sam' });

    await harness.dispatch(execution, 't0');

    expect(harness.calls).toEqual([]);
    expect(await countedIn(harness)).toBe(0);
    await harness.engine.unpause(execution, { by: 'sam' });
    expect(calledPaths(harness)).toEqual(['t0']);
    expect(await countedIn(harness)).toBe(1);
  });

  it('is neither forgotten nor in the way for ever when the clock goes back', async () => {
    const harness = await harnessOf({ count: 3, rate: { calls: 1, per: 60 } });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    harness.clock.advanceBy(-60 * MINUTE);

    await harness.dispatch(execution, 't1');

    expect(calledPaths(harness)).toEqual(['t0']);
    expect(await harness.task(execution, 't1')).toMatchObject({ cause: { at: harness.clock.now() + MINUTE } });
    await harness.pass(MINUTE - 1);
    expect(calledPaths(harness)).toEqual(['t0']);
    await harness.pass(1);
    expect(calledPaths(harness)).toEqual(['t0', 't1']);
  });
});

describe('the queue of a rate', () => {
  const one = { calls: 1, per: 60 };

  it('moves up when one leaves it: the next one is called at the time of that one', async () => {
    const harness = await harnessOf({
      count: 4,
      rate: one,
      taskOf: (index) => (index === 1 ? { queueTimeout: 30 } : {}),
    });
    const execution = await harness.begin();
    for (const path of idsOf(4)) await harness.dispatch(execution, path);

    await harness.pass(30 * SECOND);
    expect(await harness.task(execution, 't1')).toMatchObject({ error: { name: 'AllocationTimeout' } });
    await harness.pass(30 * SECOND);

    expect(calledPaths(harness)).toEqual(['t0', 't2']);
    await harness.pass(MINUTE);
    expect(calledPaths(harness)).toEqual(['t0', 't2', 't3']);
  });

  it('does not wait for those whose execution is paused', async () => {
    const harness = await harnessOf({ count: 2, rate: one });
    const [first, second] = [await harness.begin(), await harness.begin()];
    await dispatchAll(harness, first, ['t0']);
    await dispatchAll(harness, first, ['t1']);
    harness.clock.advanceBy(1);
    await dispatchAll(harness, second, ['t0']);

    await harness.engine.pause(first, { by: 'sam' });
    await harness.pass(MINUTE);

    expect(harness.calls.at(-1)).toMatchObject({ execution: second, path: 't0' });
    await harness.engine.unpause(first, { by: 'sam' });
    await harness.pass(MINUTE);
    expect(harness.calls.at(-1)).toMatchObject({ execution: first, path: 't1' });
  });

  it('is left by those whose execution has stopped', async () => {
    const harness = await harnessOf({ count: 2, rate: one });
    const [first, second] = [await harness.begin(), await harness.begin()];
    for (const path of ['t0', 't1']) await harness.dispatch(first, path);
    await harness.dispatch(second, 't0');

    await harness.engine.cancel(first, 'sam');
    await harness.pass(MINUTE);

    expect(harness.calls.at(-1)).toMatchObject({ execution: second, path: 't0' });
  });

  it('goes on where the one whose turn it is finds no slot of its pool', async () => {
    const pool = { name: 'shared', capacity: 1, instances: 1, strategy: 'least_loaded' };
    const harness = await harnessOf({ count: 3, rate: one, agent: { pool } });
    const execution = await harness.begin();
    for (const path of idsOf(3)) await harness.dispatch(execution, path);

    await harness.pass(MINUTE);

    expect(await harness.task(execution, 't1')).toMatchObject({ cause: { kind: 'pool' } });
    expect(await countedIn(harness)).toBe(1);
    await harness.answer(execution, 't0');
    expect(calledPaths(harness)).toEqual(['t0', 't1']);
  });

  it('ends with queue_timeout', async () => {
    const harness = await harnessOf({ count: 2, rate: { calls: 1, per: 3600 }, taskOf: () => ({ queueTimeout: 60 }) });
    const execution = await harness.begin();
    for (const path of idsOf(2)) await harness.dispatch(execution, path);

    await harness.pass(MINUTE);

    const record = await harness.task(execution, 't1');
    expect(record).toMatchObject({ status: 'failed', attempts: 0, error: { name: 'AllocationTimeout' } });
    expect(record?.error?.message).toContain('the rate of its agent');
  });

  it('is looked through again by the sweeper where timers are lost, which changes nothing before the time', async () => {
    const harness = await harnessOf({ count: 8 });
    const execution = await harness.begin();
    for (const path of idsOf(8)) await harness.dispatch(execution, path);
    const patience = { grace: 30 * SECOND, every: MINUTE };

    expect(await harness.engine.sweep(execution, patience)).toEqual([]);
    harness.clock.advanceBy(MINUTE);
    expect(await harness.engine.sweep(execution, patience)).not.toEqual([]);

    expect(calledPaths(harness)).toEqual(idsOf(6));
  });
});
