import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { AgentType, Usage } from '../../core/agents/index.ts';
import { BUDGET } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Budget, RetryPolicy } from '../../core/plan/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createEngineHarness, type EngineHarness } from '../makers/engine-harness.ts';

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);
const again: RetryPolicy = { maxAttempts: 2, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' };

interface Sketch {
  readonly budget: Omit<Budget, 'onExceeded'>;
  /** What one call of the agent may use at most. */
  readonly cost?: Usage;
  readonly ledger?: LedgerStore;
}

/** Independent tasks of one agent type, which fail alone and have two attempts. */
const harnessOf = (tasks: number, { budget, cost, ledger }: Sketch): Promise<EngineHarness> => {
  const worker: AgentType = {
    name: 'worker',
    runtime: 'local',
    module: '/worker.ts',
    capabilities: [],
    ...(cost && { cost }),
  };
  return createEngineHarness(
    {
      tasks: idsOf(tasks).map((id) => ({ id, retry: again, continueOnFailure: true })),
      budget: { ...budget, onExceeded: 'fail' },
    },
    { agentTypes: { worker }, ...(ledger && { ledger }) },
  );
};

const account = async ({ ledger }: EngineHarness, execution: ExecutionId) =>
  (await ledger.findLimit(execution, BUDGET))?.budget;

interface Ending {
  readonly path: string;
  readonly usage?: Usage;
  readonly attempt?: number;
}

const complete = async (harness: EngineHarness, execution: ExecutionId, { path, usage, attempt }: Ending) => {
  await harness.engine.answers.complete(harness.handle(execution, path, attempt), {}, usage);
  await harness.quiet();
};

const dispatchAll = (harness: EngineHarness, execution: ExecutionId, tasks: number) =>
  Promise.all(idsOf(tasks).map((id) => harness.dispatch(execution, id)));

describe('a budget of money', () => {
  it('reserves what a call may cost, and puts what it has cost in its place', async () => {
    const harness = await harnessOf(1, { budget: { usd: 1 }, cost: { usd: 0.4, tokens: 1_000 } });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    const during = await account(harness, execution);

    await complete(harness, execution, { path: 't0', usage: { usd: 0.1, tokens: 250 } });

    expect(during).toEqual({
      calls: 1,
      used: { microUsd: 0, tokens: 0 },
      reserved: { microUsd: 400_000, tokens: 1_000 },
    });
    expect(await account(harness, execution)).toEqual({
      calls: 1,
      used: { microUsd: 100_000, tokens: 250 },
      reserved: { microUsd: 0, tokens: 0 },
    });
    expect(harness.events.find(({ type }) => type === 'task.assigned')?.data).toMatchObject({
      reserved: { microUsd: 400_000, tokens: 1_000 },
    });
    expect(harness.events.find(({ type }) => type === 'task.completed')?.data).toMatchObject({
      usage: { microUsd: 100_000, tokens: 250 },
    });
  });

  it('is not overspent by calls that come at once: those without room wait until others end, then go or fail', async () => {
    const harness = await harnessOf(5, { budget: { usd: 1 }, cost: { usd: 0.5 } });
    const execution = await harness.begin();

    await dispatchAll(harness, execution, 5);
    const calledFirst = harness.calls.map(({ path }) => path);
    const waiting = (await harness.ledger.listTasks(execution)).filter(({ status }) => status === 'parked');

    expect(calledFirst).toHaveLength(2);
    expect(waiting.map(({ cause }) => cause)).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'budget', budget: 'usd', of: execution, limit: 1, needs: 0.5 })),
    );

    // The first gives back 0.4 of its 0.5: then there is 0.4 left, which is not enough; the second gives back as much, and one more goes.
    for (const path of calledFirst) await complete(harness, execution, { path, usage: { usd: 0.1 } });

    expect(harness.calls).toHaveLength(3);
    expect(await account(harness, execution)).toMatchObject({
      used: { microUsd: 200_000 },
      reserved: { microUsd: 500_000 },
    });

    await complete(harness, execution, { path: harness.calls[2]!.path, usage: { usd: 0.5 } });

    const failed = (await harness.ledger.listTasks(execution)).filter(({ status }) => status === 'failed');
    expect(failed.map(({ error }) => error)).toEqual(
      Array.from({ length: 2 }, () => ({
        name: 'BudgetExceeded',
        message: 'The budget `usd` is used up: $0.70 of $1.00 are used, and a call may need $0.50.',
      })),
    );
    expect(harness.calls).toHaveLength(3);
  });

  it('would be overspent, were the account not a condition of the commit', async () => {
    const ledger = withoutRevisions(createMemoryLedgerStore(), 'limit');
    const harness = await harnessOf(5, { budget: { usd: 1 }, cost: { usd: 0.5 }, ledger });
    const execution = await harness.begin();

    await dispatchAll(harness, execution, 5);

    expect(harness.calls.length).toBeGreaterThan(2);
  });

  it('would forget what calls have used that end at once, were the account not a condition of the commit', async () => {
    const used = async (ledger?: LedgerStore) => {
      const harness = await harnessOf(5, { budget: { usd: 1 }, ...(ledger && { ledger }) });
      const execution = await harness.begin();
      await dispatchAll(harness, execution, 5);
      await Promise.all(idsOf(5).map((path) => complete(harness, execution, { path, usage: { usd: 0.01 } })));
      return (await account(harness, execution))?.used.microUsd;
    };

    expect(await used()).toBe(50_000);
    expect(await used(withoutRevisions(createMemoryLedgerStore(), 'limit'))).toBeLessThan(50_000);
  });

  it('counts what agents report where no type says how much a call may cost, and refuses the next one', async () => {
    const harness = await harnessOf(2, { budget: { tokens: 1_000 } });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    await complete(harness, execution, { path: 't0', usage: { tokens: 1_200 } });

    await harness.dispatch(execution, 't1');

    expect(await harness.task(execution, 't1')).toMatchObject({
      error: {
        name: 'BudgetExceeded',
        message: 'The budget `tokens` is used up: 1200 tokens of 1000 tokens are used.',
      },
    });
    const news = harness.events.filter(({ type }) => type.startsWith('budget.'));
    expect(news.map(({ type, path, data }) => ({ type, path, data }))).toEqual([
      { type: 'budget.warned', path: 't0', data: { of: execution, budget: 'tokens', limit: 1_000, used: 1_200 } },
      { type: 'budget.exceeded', path: 't1', data: { of: execution, budget: 'tokens', limit: 1_000, used: 1_200 } },
    ]);
  });

  it('counts each attempt by itself, also those that fail', async () => {
    const harness = await harnessOf(1, { budget: { usd: 1 }, cost: { usd: 0.2 } });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');
    await harness.engine.answers.fail(harness.handle(execution, 't0'), { name: 'Flaky', message: '' }, { usd: 0.05 });
    await harness.quiet();
    await harness.pass(1_000);

    await complete(harness, execution, { path: 't0', attempt: 2, usage: { usd: 0.15 } });

    expect(await account(harness, execution)).toMatchObject({ calls: 2, used: { microUsd: 200_000 } });
    expect(harness.events.find(({ type }) => type === 'task.retried')?.data).toMatchObject({
      usage: { microUsd: 50_000 },
    });
  });

  it('takes all that was reserved as used where the agent says nothing, or nobody heard it', async () => {
    const harness = await harnessOf(3, { budget: { usd: 1 }, cost: { usd: 0.2 } });
    const execution = await harness.begin();
    await dispatchAll(harness, execution, 3);
    await complete(harness, execution, { path: 't0' });
    await harness.engine.answers.fail(
      harness.handle(execution, 't1'),
      { name: 'AgentCrashed', message: 'out of memory', retryable: false },
      { usd: 0.05 },
    );
    await harness.quiet();

    await harness.engine.cancel(execution, 'ann');
    await harness.engine.conclude(execution, 'conclude');
    await harness.pass(60_000);

    expect(await harness.task(execution, 't2')).toMatchObject({ status: 'unknown' });
    expect(await account(harness, execution)).toEqual({
      calls: 3,
      used: { microUsd: 600_000, tokens: 0 },
      reserved: { microUsd: 0, tokens: 0 },
    });
  });

  it('gives back what an intent has reserved that a pause overtakes before the call', async () => {
    const memory = createMemoryLedgerStore();
    let isOver = false;
    const raced: LedgerStore = {
      ...memory,
      commit: async (writes) => {
        const result = await memory.commit(writes);
        if (!isOver && writes.some((write) => write.kind === 'limit')) {
          isOver = true;
          await harness.engine.pause(execution, { by: 'ann' });
        }
        return result;
      },
    };
    const harness = await harnessOf(1, { budget: { usd: 1 }, cost: { usd: 0.2 }, ledger: raced });
    const execution = await harness.begin();

    await harness.dispatch(execution, 't0');

    expect(harness.calls).toEqual([]);
    expect(await account(harness, execution)).toMatchObject({ calls: 0, reserved: { microUsd: 0 } });
  });

  it('asks nobody whose call costs nothing', async () => {
    const harness = await harnessOf(1, { budget: { usd: 0.01 }, cost: { usd: 0 } });
    const execution = await harness.begin();
    await harness.ledger.commit([
      {
        kind: 'limit',
        record: {
          execution,
          limit: BUDGET,
          holders: [],
          budget: { calls: 1, used: { microUsd: 20_000, tokens: 0 }, reserved: { microUsd: 0, tokens: 0 } },
          revision: 1,
        },
      },
    ]);

    await harness.dispatch(execution, 't0');

    expect(harness.calls).toHaveLength(1);
  });
});
