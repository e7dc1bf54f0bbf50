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
