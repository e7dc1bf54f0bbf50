import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import type { Slot } from '../../core/resilience/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';

const pool = { name: 'shared', capacity: 1, instances: 1, strategy: 'least_loaded' } as const;
const agents = { worker: { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [], pool } };
const tasks = ['t0', 't1'].map((id) => ({ id, queueTimeout: 86_400 }));

/** Who holds the one slot, when somebody takes it after the drain has looked at it. */
const holdersAmid = async (under: LedgerStore): Promise<readonly string[]> => {
  const taken: { now?: () => Promise<void> } = {};
  const ledger: LedgerStore = {
    ...under,
    commit: async (writes) => {
      const { now } = taken;
      if (now && writes.some((write) => write.kind === 'bus_event')) {
        delete taken.now;
        await now();
      }
      return under.commit(writes);
    },
  };
  const harness = await createEngineHarness({ tasks, agents }, { ledger });
  const execution = await harness.begin();
  await harness.dispatch(execution, 't0');
  await harness.answer(execution, 't0');
  taken.now = () => harness.dispatch(execution, 't1');
  await harness.engine.changeInstance({ pool: 'shared', instance: 0, to: 'closed', by: 'sam' });
  const records = await ledger.listControls('pool/shared/slot');
  return records.flatMap(({ value }) => (value as Slot).holder?.path ?? []);
};

describe('an instance of a pool that is drained', () => {
  it('keeps whoever takes a slot of it at the same moment', async () => {
    expect(await holdersAmid(createMemoryLedgerStore())).toEqual(['t1']);
  });

  it('would forget who has just taken a slot of it, were the slot not a condition of the commit', async () => {
    expect(await holdersAmid(withoutRevisions(createMemoryLedgerStore(), 'control'))).toEqual([]);
  });
});
