import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createEngineHarness, type EngineHarness } from '../makers/engine-harness.ts';

/** Two tasks whose answers are kept for ten minutes, by the input of their execution. */
const harnessOf = (ledger: LedgerStore = createMemoryLedgerStore()): Promise<EngineHarness> =>
  createEngineHarness(
    { tasks: ['scan', 'lint'].map((id) => ({ id, input: { of: '${ input.of }' }, cache: { ttl: 600 } })) },
    { ledger },
  );

async function asked(harness: EngineHarness, of: number, task = 'scan'): Promise<ExecutionId> {
  const execution = await harness.begin({ of });
  await harness.dispatch(execution, task, `${execution}/${task}`);
  return execution;
}

async function answered(harness: EngineHarness, of: number, task = 'scan'): Promise<void> {
  await harness.answer(await asked(harness, of, task), task);
}

describe('clearing a cache', () => {
  it('has the next call of a task made again, and leaves the answers of others', async () => {
    const harness = await harnessOf();
    const { engine } = harness;
    for (const task of ['scan', 'lint']) await answered(harness, 1, task);
    await answered(harness, 2);
    const before = await engine.listCaches();

    const cleared = await engine.clearCache({ workflow: 'sketch', task: 'scan', by: 'ann' });
    const after = await engine.listCaches();
    for (const task of ['scan', 'lint']) await asked(harness, 1, task);

    expect(before).toEqual([{ workflow: 'sketch', answers: { scan: 2, lint: 1 } }]);
    expect(cleared).toBe(2);
    expect(after).toEqual([{ workflow: 'sketch', answers: { lint: 1 } }]);
    expect(harness.calls.map(({ path }) => path)).toEqual(['scan', 'lint', 'scan', 'scan']);
    const [told] = await harness.ledger.listBusEvents('cache.cleared', 0);
    expect(told).toMatchObject({ source: 'ann', data: { inline: { workflow: 'sketch', task: 'scan', answers: 2 } } });
  });

  it('takes all of a workflow where no task is named, more than one commit can', async () => {
    const harness = await harnessOf();
    for (let of = 0; of < 60; of += 1) await answered(harness, of);
    await answered(harness, 1, 'lint');

    expect(await harness.engine.clearCache({ workflow: 'sketch', by: 'ann' })).toBe(61);
    expect(await harness.engine.clearCache({ workflow: 'sketch', by: 'ann' })).toBe(0);
    expect(await harness.engine.listCaches()).toEqual([{ workflow: 'sketch', answers: {} }]);
    expect((await harness.ledger.listBusEvents('cache.cleared', 0)).map(({ data }) => data)).toMatchObject([
      { inline: { answers: 50 } },
      { inline: { answers: 11 } },
    ]);
  });

  it('changes nothing where nothing is kept, whatever is asked for', async () => {
    const harness = await harnessOf();

    for (const workflow of ['sketch', 'no/such', '', '../x'])
      expect(await harness.engine.clearCache({ workflow, by: 'ann' })).toBe(0);
    expect(await harness.engine.listCaches()).toEqual([]);
  });

  it('does not count what is over, and lets a call go on that is being made', async () => {
    const harness = await harnessOf();
    await answered(harness, 1);
    await harness.pass(600_000);
    const first = await asked(harness, 2);
    const listed = await harness.engine.listCaches();

    await harness.engine.clearCache({ workflow: 'sketch', by: 'ann' });
    const second = await asked(harness, 2);
    await harness.answer(first, 'scan', { found: 3 });

    expect(listed).toEqual([{ workflow: 'sketch', answers: {} }]);
    expect(await harness.task(second, 'scan')).toMatchObject({ status: 'succeeded', output: { inline: { found: 3 } } });
    expect(harness.calls).toHaveLength(2);
  });

  /** How many calls are made when one begins right after the clearing has looked at its old answer. */
  const callsAmid = async (under: LedgerStore): Promise<number> => {
    const ledger = interrupted(under);
    const harness = await harnessOf(ledger);
    await answered(harness, 1);
    await harness.pass(600_000);
    ledger.afterNextLook(async () => {
      await asked(harness, 1);
    });
    await harness.engine.clearCache({ workflow: 'sketch', by: 'ann' });
    await asked(harness, 1);
    return harness.calls.length - 1;
  };

  it('does not take a key from whoever has begun to call meanwhile', async () => {
    expect(await callsAmid(createMemoryLedgerStore())).toBe(1);
  });

  it('would have the same call made twice at once, were the entry not a condition of the commit', async () => {
    expect(await callsAmid(withoutRevisions(createMemoryLedgerStore(), 'control'))).toBe(2);
  });
});

/** Something happens right after somebody has looked at a control record, once. */
function interrupted(ledger: LedgerStore): LedgerStore & { afterNextLook(happen: () => Promise<void>): void } {
  let next: (() => Promise<void>) | undefined;
  return {
    ...ledger,
    afterNextLook: (happen) => {
      next = happen;
    },
    findControl: async (key) => {
      const found = await ledger.findControl(key);
      const happen = next;
      next = undefined;
      await happen?.();
      return found;
    },
  };
}
