import { describe, expect, it } from 'vitest';
import type { Slot } from '../../../core/resilience/index.ts';
import type { EngineHarness } from '../../makers/engine-harness.ts';
import { aTable } from './a-table.ts';
import { createUnluckyHarness, idsOf } from './unlucky-harness.ts';

const table = aTable();
const CLIENTS = 40;
const SLOTS = 3;

const pool = { name: 'shared', capacity: SLOTS, instances: SLOTS, strategy: 'least_loaded' } as const;
const worker = { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [], pool };

async function holdersOf({ ledger }: EngineHarness): Promise<string[]> {
  const slots = await ledger.listControls('pool/shared/slot');
  return slots.flatMap(({ value }) => (value as Slot).holder?.path ?? []);
}

describe('a pool on DynamoDB, whose transactions meet and lose their answers', () => {
  it(
    'has three slots for 40 who race for them, never more, and serves all in the end',
    { timeout: 240_000 },
    async () => {
      const harness = await createUnluckyHarness(table, {
        tasks: idsOf(CLIENTS).map((id) => ({ id })),
        agents: { worker },
      });
      const execution = await harness.begin();

      await Promise.all(idsOf(CLIENTS).map((path) => harness.dispatch(execution, path)));

      const first = harness.calls.map(({ path }) => path);
      expect(first).toHaveLength(SLOTS);
      expect((await holdersOf(harness)).toSorted()).toEqual(first.toSorted());
      expect(await harness.ledger.listParked('pool#shared', CLIENTS)).toHaveLength(CLIENTS - SLOTS);

      for (let answered = 0; answered < CLIENTS; answered += 1) {
        const path = harness.calls[answered]?.path ?? '';
        await harness.engine.answers.complete(harness.handle(execution, path), {});
        const called = Math.min(CLIENTS, SLOTS + answered + 1);
        await expect.poll(() => harness.calls.length, { timeout: 60_000 }).toBe(called);
        expect((await holdersOf(harness)).length).toBeLessThanOrEqual(SLOTS);
      }

      expect(new Set(harness.calls.map(({ path }) => path)).size).toBe(CLIENTS);
      expect(await holdersOf(harness)).toEqual([]);
      expect(harness.errors).toEqual([]);
      expect(new Set(harness.met)).toEqual(new Set(['conflict', 'lost_answer']));
    },
  );
});
