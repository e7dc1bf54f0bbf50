import { describe, expect, it } from 'vitest';
import { executionId, type ExecutionId } from '../../core/ids/index.ts';
import type { Slot } from '../../core/resilience/index.ts';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { createEngineHarness, type EngineHarness, type PlanSketch } from '../makers/engine-harness.ts';

const MINUTE = 60_000;
const patience = { grace: MINUTE, every: 5 * MINUTE };
const KEY = 'pool/shared/slot/0';

/** Two tasks of an agent whose pool has one slot; the first one has it, the second one waits. */
function sketchOf(task: object): PlanSketch {
  const pool = { name: 'shared', capacity: 1, instances: 1, strategy: 'random' } as const;
  const worker = { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [], pool };
  return {
    tasks: ['t0', 't1'].map((id) => ({ id, queueTimeout: 86_400, timeout: 86_400, continueOnFailure: true, ...task })),
    agents: { worker },
    onFailure: 'continue',
    timeout: 864_000,
  };
}

async function waitingHarness(task = {}): Promise<{ harness: EngineHarness; execution: ExecutionId }> {
  const harness = await createEngineHarness(sketchOf({ timeout: 300, ...task }));
  const execution = await harness.begin();
  await harness.dispatch(execution, 't0');
  await harness.dispatch(execution, 't1');
  return { harness, execution };
}

async function slotOf({ ledger }: EngineHarness): Promise<Slot> {
  return (await ledger.findControl(KEY))?.value as Slot;
}

/** The slot is held by an attempt that has ended, which no commit of the engine brings about. */
async function lose({ ledger }: EngineHarness): Promise<void> {
  const record = await ledger.findControl(KEY);
  const lost = { ...(record?.value as Slot), token: 9 };
  await ledger.commit([{ kind: 'control', record: { key: KEY, value: lost, revision: (record?.revision ?? 0) + 1 } }]);
}

describe('a sweep of the pools', () => {
  it('takes back within two sweeps what nobody holds, and lets go on who waits for it', async () => {
    const { harness } = await waitingHarness();
    await lose(harness);

    expect(await harness.engine.sweepPools(patience)).toEqual([]);
    expect(await slotOf(harness)).toMatchObject({ token: 9, marked: harness.clock.now() });
    harness.clock.advanceBy(patience.every);
    expect(await harness.engine.sweepPools(patience)).toEqual([`slot ${KEY}`]);

    expect(harness.calls.map(({ path }) => path)).toEqual(['t0', 't1']);
    // Reclaimed and taken: two more.
    expect(await slotOf(harness)).toMatchObject({ token: 11, holder: { path: 't1' } });
  });

  it('does nothing twice at once, and nothing to a slot whose attempt lives', async () => {
    const { harness } = await waitingHarness();
    const before = await harness.ledger.findControl(KEY);

    for (let sweeps = 0; sweeps < 3; sweeps += 1) {
      expect(await harness.engine.sweepPools(patience)).toEqual([]);
      harness.clock.advanceBy(patience.every);
    }
    expect(await harness.ledger.findControl(KEY)).toEqual(before);

    await lose(harness);
    await harness.engine.sweepPools(patience);
    expect(await harness.engine.sweepPools(patience)).toEqual([]);
  });

  it('finds nothing where pools are not used', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 't0' }] });

    expect(await harness.engine.sweepPools(patience)).toEqual([]);
  });
});

describe('the slot of a holder that was killed', () => {
  it('is back within two sweeps of the end of its attempt, also when all timers are lost', async () => {
    const { harness, execution } = await waitingHarness({
      timeout: 300,
      retry: { maxAttempts: 1, interval: 1, backoffRate: 1, maxDelay: 1, jitter: 'none' },
    });
    harness.timers.splice(0);
    harness.clock.advanceBy(300_000 + patience.grace);

    for (let sweeps = 0; sweeps < 2; sweeps += 1) {
      await harness.engine.sweep(execution, patience);
      await harness.engine.sweepPools(patience);
      await harness.quiet();
      harness.clock.advanceBy(patience.every);
    }

    expect(await harness.task(execution, 't0')).toMatchObject({ error: { name: 'AttemptTimeout' } });
    expect(harness.calls.map(({ path }) => path)).toContain('t1');
    expect((await slotOf(harness)).holder?.path).not.toBe('t0');
  });

  it('comes back by its heartbeats long before its timeout', async () => {
    const { harness, execution } = await waitingHarness({ timeout: 86_400, heartbeat: 30 });
    harness.timers.splice(0);
    harness.clock.advanceBy(30_000 + patience.grace);

    await harness.engine.sweep(execution, patience);
    await harness.quiet();

    expect((await slotOf(harness)).holder?.path).toBe('t1');
  });
});

describe('the slot of an attempt whose process was killed', () => {
  /** The first process has called `t0` and is gone; the second one has an execution of its own, whose `t0` waits. */
  async function twoLives() {
    const ledger = createMemoryLedgerStore();
    const dead = await createEngineHarness(sketchOf({}), { ledger, engineId: 'engine-1' });
    const theirs = await dead.begin();
    await dead.dispatch(theirs, 't0');
    const harness = await createEngineHarness(sketchOf({}), { ledger, engineId: 'engine-2' });
    // Both draw their ids from the same numbers.
    const mine = executionId('exec_00000000000000000000000002');
    await harness.engine.start({ workflow: 'sketch', version: '1', input: {} }, mine);
    await harness.engine.begin({ execution: mine, workflow: 'sketch', version: '1', input: {} });
    await harness.dispatch(mine, 't0');
    return { harness, theirs, mine };
  }

  async function sweepTwice(harness: EngineHarness): Promise<void> {
    for (let sweeps = 0; sweeps < 2; sweeps += 1) {
      await harness.engine.sweepPools(patience);
      await harness.quiet();
      harness.clock.advanceBy(patience.every);
    }
  }

  it('goes within two sweeps to who waits in the next process, which knows that nobody works there any more', async () => {
    const { harness, mine } = await twoLives();
    expect(await harness.task(mine, 't0')).toMatchObject({ cause: { kind: 'pool' } });

    await sweepTwice(harness);

    expect(harness.calls).toMatchObject([{ execution: mine, path: 't0' }]);
    expect((await slotOf(harness)).holder).toMatchObject({ execution: mine });
  });

  it('is waited for again by the one that was killed, when it is resumed: there are never two holders', async () => {
    const { harness, theirs, mine } = await twoLives();
    await sweepTwice(harness);

    await harness.dispatch(theirs, 't0', 'resumed');

    expect(harness.calls).toHaveLength(1);
    expect(await harness.task(theirs, 't0')).toMatchObject({ status: 'parked', cause: { kind: 'pool' }, attempts: 0 });
    await harness.answer(mine, 't0');
    expect(harness.calls.at(-1)).toMatchObject({ execution: theirs, path: 't0', attempt: 1 });
    await harness.answer(theirs, 't0');
    expect(await harness.task(theirs, 't0')).toMatchObject({ status: 'succeeded', attempts: 1 });
  });

  it('stays where it is when its execution is resumed before the second sweep', async () => {
    const { harness, theirs, mine } = await twoLives();
    await harness.engine.sweepPools(patience);

    await harness.dispatch(theirs, 't0', 'resumed');
    harness.clock.advanceBy(patience.every);
    await sweepTwice(harness);

    expect(harness.calls).toMatchObject([{ execution: theirs, path: 't0' }]);
    expect(await slotOf(harness)).not.toHaveProperty('marked');
    expect(await harness.task(mine, 't0')).toMatchObject({ cause: { kind: 'pool' } });
  });
});

describe('an agent that was taken for dead and goes on', () => {
  it('changes nothing with its late answer: neither its task, nor who has its slot now', async () => {
    const { harness, execution } = await waitingHarness({ timeout: 86_400, heartbeat: 30 });
    await harness.pass(30_000);
    const before = await slotOf(harness);
    expect(before.holder?.path).toBe('t1');
    const records = await harness.ledger.listTasks(execution);

    await expect(
      harness.engine.answers.complete(harness.handle(execution, 't0'), { late: true }),
    ).rejects.toMatchObject({
      code: 'attempt_not_live',
    });
    await harness.quiet();

    expect(await slotOf(harness)).toEqual(before);
    expect(await harness.ledger.listTasks(execution)).toEqual(records);
  });
});
