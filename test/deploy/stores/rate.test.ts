import { describe, expect, it } from 'vitest';
import type { RateLog } from '../../../core/resilience/index.ts';
import { aTable } from './a-table.ts';
import { createUnluckyHarness, idsOf } from './unlucky-harness.ts';

const table = aTable();
const MINUTE = 60_000;
const RACERS = 50;
const CALLS = 3;
const worker = {
  type: 'worker',
  count: 1,
  maxConcurrentTasks: 1,
  capabilities: [],
  rate: { calls: CALLS, per: 60 },
};

describe('a rate limit on DynamoDB, whose transactions meet and lose their answers', () => {
  it('lets three call of 50 who race, and three more when their minute is over', { timeout: 240_000 }, async () => {
    const harness = await createUnluckyHarness(table, {
      tasks: idsOf(RACERS).map((id) => ({ id, queueTimeout: 86_400 })),
      agents: { worker },
    });
    const execution = await harness.begin();

    await Promise.all(idsOf(RACERS).map((path) => harness.dispatch(execution, path)));

    expect(harness.calls).toHaveLength(CALLS);
    const { starts } = (await harness.ledger.findControl('rate/worker'))?.value as RateLog;
    expect(starts.reduce((sum, { calls }) => sum + calls, 0)).toBe(CALLS);
    expect(await harness.ledger.listParked('rate#worker', RACERS)).toHaveLength(RACERS - CALLS);

    await harness.pass(MINUTE - 1);
    expect(harness.calls).toHaveLength(CALLS);
    await harness.pass(1);

    expect(harness.calls).toHaveLength(2 * CALLS);
    expect(new Set(harness.calls.map(({ path }) => path)).size).toBe(2 * CALLS);
    expect(harness.errors).toEqual([]);
    expect(new Set(harness.met)).toEqual(new Set(['conflict', 'lost_answer']));
  });
});
