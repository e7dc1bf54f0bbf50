import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { BUDGET } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Budget, ChildTask, RetryPolicy } from '../../core/plan/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createEngineHarness, type EngineHarness, type HarnessOptions } from '../makers/engine-harness.ts';

const again: RetryPolicy = { maxAttempts: 5, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' };
const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

/** Independent tasks, which fail alone. */
const harnessOf = (tasks: number, budget: Omit<Budget, 'onExceeded'>, options: HarnessOptions = {}) =>
  createEngineHarness(
    {
      tasks: idsOf(tasks).map((id) => ({ id, retry: again, continueOnFailure: true })),
      budget: { ...budget, onExceeded: 'fail' },
    },
    options,
  );

const usedBy = async ({ ledger }: EngineHarness, execution: ExecutionId) =>
  (await ledger.findLimit(execution, BUDGET))?.budget?.calls;
const budgetEvents = ({ events }: EngineHarness) =>
  events.filter(({ type }) => type.startsWith('budget.')).map(({ type, path }) => `${type} ${path}`);

describe('a budget of calls', () => {
  it('fails what would exceed it, without calling an agent, and warns before', async () => {
    const harness = await harnessOf(6, { calls: 5 });
    const execution = await harness.begin();

    for (const id of idsOf(6)) await harness.dispatch(execution, id);

    expect(harness.calls.map(({ path }) => path)).toEqual(idsOf(5));
    expect(await harness.task(execution, 't5')).toMatchObject({
      status: 'failed',
      attempts: 0,
      error: {
        name: 'BudgetExceeded',
        message: 'The budget `calls` is used up: 5 calls of agents are allowed.',
      },
    });
    expect(budgetEvents(harness)).toEqual(['budget.warned t3', 'budget.exceeded t5']);
  });

  it('counts each attempt, and is not retried once it is used up', async () => {
    const harness = await harnessOf(1, { calls: 2 });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');

    for (const attempt of [1, 2]) {
      await harness.engine.answers.fail(harness.handle(execution, 't0', attempt), { name: 'Flaky', message: '' });
      await harness.quiet();
      await harness.pass(1_000);
    }

    expect(harness.calls).toHaveLength(2);
    expect(await harness.task(execution, 't0')).toMatchObject({ attempts: 2, error: { name: 'BudgetExceeded' } });
    expect(harness.timers.filter(({ timer }) => timer.kind === 'wake')).toEqual([]);
  });

  it('is not overspent by tasks that come at once', async () => {
    const harness = await harnessOf(20, { calls: 3 });
    const execution = await harness.begin();

    await Promise.all(idsOf(20).map((id) => harness.dispatch(execution, id)));

    expect(harness.calls).toHaveLength(3);
    expect(await usedBy(harness, execution)).toBe(3);
  });

  it('would be overspent, were the count not a condition of the commit', async () => {
    const harness = await harnessOf(20, { calls: 3 }, { ledger: withoutRevisions(createMemoryLedgerStore(), 'limit') });
    const execution = await harness.begin();

    await Promise.all(idsOf(20).map((id) => harness.dispatch(execution, id)));

    expect(harness.calls.length).toBeGreaterThan(3);
  });

  it('is given back by an intent that a pause overtakes before the call', async () => {
    const raced = interrupted(createMemoryLedgerStore(), () => harness.engine.pause(execution, { by: 'ann' }));
    const harness = await harnessOf(1, { calls: 1 }, { ledger: raced });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    const whilePaused = await usedBy(harness, execution);

    await harness.engine.unpause(execution, { by: 'ann' });

    expect(whilePaused).toBe(0);
    expect(harness.calls.map(({ path }) => path)).toEqual(['t0']);
    expect(await usedBy(harness, execution)).toBe(1);
  });

  it('is not used by a second call of the same attempt', async () => {
    const ledger = createMemoryLedgerStore();
    const harness = await harnessOf(1, { calls: 1 }, { ledger });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    const task = await harness.task(execution, 't0');
    const attempt = { ...task!.attempt!, engine: 'one that has died' };
    await ledger.commit([{ kind: 'task', record: { ...task!, attempt, revision: task!.revision + 1 } }]);

    await harness.dispatch(execution, 't0');

    expect(harness.calls).toHaveLength(2);
    expect(await usedBy(harness, execution)).toBe(1);
  });

  it('writes nothing where there is none', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'alone' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'alone');

    expect(await usedBy(harness, execution)).toBeUndefined();
    expect(await harness.ledger.findExecution(execution)).not.toHaveProperty('budgets');
  });
});

describe('a budget of wall time', () => {
  it('refuses what begins when it is over, and lets go on what runs', async () => {
    const harness = await harnessOf(2, { wallTime: 60 });
    const execution = await harness.begin();
    await harness.pass(59_999);
    await harness.dispatch(execution, 't0');
    await harness.pass(1);

    await harness.dispatch(execution, 't1');
    await harness.answer(execution, 't0');

    expect(await harness.task(execution, 't0')).toMatchObject({ status: 'succeeded' });
    expect(await harness.task(execution, 't1')).toMatchObject({ error: { name: 'BudgetExceeded' } });
  });

  it('stands still during a pause', async () => {
    const harness = await harnessOf(1, { wallTime: 60 });
    const execution = await harness.begin();
    await harness.pass(30_000);
    await harness.engine.pause(execution, { by: 'ann' });
    await harness.pass(600_000);
    await harness.engine.unpause(execution, { by: 'ann' });
    await harness.pass(29_999);

    await harness.dispatch(execution, 't0');

    expect(harness.calls).toHaveLength(1);
  });
});

/** Starts the same workflow again as long as its input says so. */
const sub: ChildTask = {
  id: 'sub',
  kind: 'workflow',
  workflow: { name: 'sketch', version: '1' },
  input: '${ {"levels": input.levels - 1} }',
  dependsOn: [],
  join: 'all_success',
  continueOnFailure: true,
};

describe('the budget of an execution with children', () => {
  const family = async (budget: Omit<Budget, 'onExceeded'>) => {
    const harness = await createEngineHarness({
      tasks: [sub, { id: 'leaf', continueOnFailure: true }],
      budget: { ...budget, onExceeded: 'fail' },
    });
    const parent = await harness.begin({ levels: 9 });
    await harness.dispatch(parent, 'sub');
    const child = harness.started.at(-1)!;
    await harness.engine.begin({ execution: child, workflow: 'sketch', version: '1', input: {} });
    return { harness, parent, child };
  };

  it('is drawn on by the calls of its children as well', async () => {
    const { harness, parent, child } = await family({ calls: 2 });
    await harness.dispatch(child, 'leaf');

    expect(await usedBy(harness, parent)).toBe(1);
    expect(await usedBy(harness, child)).toBe(1);
    expect(await harness.ledger.findExecution(child)).toMatchObject({ budgets: [parent, child] });
  });

  it('says how many of them may be within one another', async () => {
    const { harness, parent, child } = await family({ depth: 1 });

    await harness.dispatch(child, 'sub');

    expect(harness.started).toHaveLength(2);
    expect(await harness.task(child, 'sub')).toMatchObject({
      status: 'failed',
      error: {
        name: 'BudgetExceeded',
        message: `The budget \`depth\` of ${parent} is used up: children may be 1 level deep.`,
      },
    });
    expect(budgetEvents(harness)).toEqual(['budget.exceeded sub']);
  });
});

const countsCalls = (write: LedgerWrite): boolean => write.kind === 'limit' && write.record.limit === BUDGET;

/** Something happens right after the first commit that counts a call. */
function interrupted(ledger: LedgerStore, happen: () => Promise<unknown>): LedgerStore {
  let isOver = false;
  return {
    ...ledger,
    commit: async (writes) => {
      const result = await ledger.commit(writes);
      if (!isOver && writes.some(countsCalls)) {
        isOver = true;
        await happen();
      }
      return result;
    },
  };
}
