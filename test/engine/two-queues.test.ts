import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { limitKey } from '../../core/execution/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';
import { smallPlan } from '../makers/small-plan.ts';

/** A task that goes to and fro would never come back to the event loop. */
function patient(ledger: LedgerStore, most: number): LedgerStore {
  let commits = 0;
  return {
    ...ledger,
    commit: async (writes) => {
      commits += 1;
      if (commits > most) throw new Error(`more than ${most} commits`);
      return ledger.commit(writes);
    },
  };
}

describe('a task with two limits, in whose queues others stand whom a crash has kept from being woken', () => {
  it('waits in one of them, also when all came at the same moment', async () => {
    const ledger = createMemoryLedgerStore();
    const plan = smallPlan({ quality: { group: { maxParallel: 1, tasks: { a: {}, b: {} } } }, z: {} });
    const harness = await createEngineHarness({ ...plan, maxParallel: 1 }, { ledger: patient(ledger, 50) });
    const execution = await harness.begin();
    const arrival = harness.clock.now();
    const waiting = { max_parallel: 'z', 'quality.max_parallel': 'quality/a' };
    for (const [limit, path] of Object.entries(waiting)) {
      const entry = { key: limitKey(execution, limit), execution, path: taskPath(path), arrival };
      await ledger.commit([{ kind: 'park', entry }]);
    }

    await harness.dispatch(execution, 'quality/b');

    expect(await harness.task(execution, 'quality/b')).toMatchObject({
      status: 'parked',
      parking: 1,
      cause: { kind: 'concurrency', limit: 'quality.max_parallel' },
    });
  });
});

describe('a task that the limits of its execution have let pass, and that waits for a slot', () => {
  it('goes when the slot is free, although somebody waits for a place by then whom a crash has kept from being woken', async () => {
    const ledger = createMemoryLedgerStore();
    const pool = { name: 'shared', capacity: 1, instances: 1, strategy: 'least_loaded' } as const;
    const agents = { worker: { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [], pool } };
    const tasks = ['a', 'b', 'z'].map((id) => ({ id, agent: 'worker', queueTimeout: 86_400 }));
    const harness = await createEngineHarness({ tasks, agents, maxParallel: 2 }, { ledger: patient(ledger, 50) });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    await harness.dispatch(execution, 'b');
    const waiting = await harness.task(execution, 'b');
    const entry = { key: limitKey(execution, 'max_parallel'), execution, path: taskPath('z'), arrival: 0 };
    await ledger.commit([
      { kind: 'park', entry: { ...entry } },
      { kind: 'park', entry: { ...entry, path: taskPath('y') } },
    ]);

    await harness.answer(execution, 'a');

    expect(waiting).toMatchObject({ cause: { kind: 'pool' } });
    expect(await harness.task(execution, 'b')).toMatchObject({ status: 'running' });
  });
});
