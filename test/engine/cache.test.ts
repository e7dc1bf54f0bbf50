import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { AgentTask } from '../../core/plan/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createEngineHarness, type EngineHarness, type HarnessOptions } from '../makers/engine-harness.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const again = { maxAttempts: 2, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;

interface Sketch extends HarnessOptions {
  readonly task?: Partial<AgentTask>;
  readonly plan?: object;
}

/** One task, whose input is that of the execution: executions with the same input make the same call. */
const harnessOf = ({ task = {}, plan = {}, ...options }: Sketch = {}): Promise<EngineHarness> =>
  createEngineHarness(
    { tasks: [{ id: 'scan', input: { of: '${ input.of }' }, cache: { ttl: 600 }, ...task }], ...plan },
    options,
  );

async function begun(harness: EngineHarness, of: Json = 'a'): Promise<ExecutionId> {
  const execution = await harness.begin({ of });
  await harness.dispatch(execution, 'scan', `${execution}/scan`);
  return execution;
}

const callersOf = ({ calls }: EngineHarness): string[] => calls.map(({ execution }) => execution);
const scanOf = (harness: EngineHarness, execution: ExecutionId) => harness.task(execution, 'scan');
const causeOf = async (harness: EngineHarness, execution: ExecutionId) => (await scanOf(harness, execution))?.cause;

describe('a task with a cache', () => {
  it('succeeds with an earlier answer: without a call, and saying whose answer it is', async () => {
    const harness = await harnessOf();
    const first = await begun(harness);
    await harness.answer(first, 'scan', { found: 3 });
    const at = harness.clock.now();
    await harness.pass(MINUTE);

    const second = await begun(harness);

    const cached = { execution: first, task: 'scan', at };
    const output = { inline: { found: 3 } };
    expect(callersOf(harness)).toEqual([first]);
    expect(await scanOf(harness, second)).toMatchObject({ status: 'succeeded', attempts: 0, output, cached });
    expect(await scanOf(harness, first)).not.toHaveProperty('cached');
    const [told] = (await harness.ledger.listEvents(second)).filter(({ type }) => type === 'task.completed');
    expect(told?.data).toEqual({ attempts: 0, output, cached });
    expect(harness.answers).toContainEqual({ token: `${second}/scan`, answer: 'succeeded' });
  });

  it('calls again for another input, in another workflow, and after its ttl', async () => {
    const harness = await harnessOf();
    const first = await begun(harness);
    await harness.answer(first, 'scan');

    const other = await begun(harness, 'b');
    await harness.answer(other, 'scan');
    await harness.pass(600 * SECOND);
    const late = await begun(harness);

    expect(callersOf(harness)).toEqual([first, other, late]);
  });

  it('never calls again where ttl is null', async () => {
    const harness = await harnessOf({ task: { cache: { ttl: null } } });
    const first = await begun(harness);
    await harness.answer(first, 'scan');
    await harness.pass(365 * 24 * 60 * MINUTE);

    const late = await begun(harness);

    expect(await scanOf(harness, late)).toMatchObject({ status: 'succeeded', cached: { execution: first } });
  });

  it('goes by its own key, whatever its input is', async () => {
    const harness = await harnessOf({
      task: { cache: { ttl: null, key: '${ input.of.digest }' }, input: { all: '${ input.of }' } },
    });
    const first = await begun(harness, { digest: 'x', at: 1 });
    await harness.answer(first, 'scan');

    const same = await begun(harness, { digest: 'x', at: 2 });
    const other = await begun(harness, { digest: 'y', at: 1 });

    expect(callersOf(harness)).toEqual([first, other]);
    expect(await scanOf(harness, same)).toMatchObject({ input: { inline: { all: { at: 2 } } }, attempts: 0 });
  });

  it('fails when its key cannot be evaluated', async () => {
    const harness = await harnessOf({ task: { cache: { ttl: null, key: '${ input.of.digest }' } } });

    const execution = await begun(harness, {});

    expect(await scanOf(harness, execution)).toMatchObject({ status: 'failed', error: { name: 'InvalidInput' } });
    expect((await scanOf(harness, execution))?.error?.message).toContain('The key of its cache');
  });

  it('stores successes alone, and those of a retry as well', async () => {
    const harness = await harnessOf({ task: { retry: again } });
    const first = await begun(harness);
    await harness.engine.answers.fail(harness.handle(first, 'scan', 1), { name: 'Flaky', message: '' });
    await harness.quiet();
    const [entry] = await harness.ledger.listControls('cache/sketch');
    expect(entry).toMatchObject({ value: { status: 'free' } });

    await harness.pass(SECOND);
    await harness.engine.answers.complete(harness.handle(first, 'scan', 2), 'well');
    await harness.quiet();
    const second = await begun(harness);

    expect(await scanOf(harness, second)).toMatchObject({ status: 'succeeded', output: { inline: 'well' } });
    expect(harness.calls).toHaveLength(2);
  });

  it('takes a hit for the next attempt, when another task has the answer by then', async () => {
    const harness = await harnessOf({ task: { retry: again } });
    const first = await begun(harness);
    await harness.engine.answers.fail(harness.handle(first, 'scan', 1), { name: 'Flaky', message: '' });
    await harness.quiet();
    const second = await begun(harness);
    await harness.answer(second, 'scan', 'well');

    await harness.pass(SECOND);

    expect(await scanOf(harness, first)).toMatchObject({
      status: 'succeeded',
      attempts: 1,
      output: { inline: 'well' },
      cached: { execution: second },
    });
  });

  it('asks again where the answer would break the schema that holds now', async () => {
    const ledger = createMemoryLedgerStore();
    const before = await harnessOf({ ledger, schemas: { output: { type: 'object' } } });
    await before.answer(await begun(before), 'scan', { found: 3 });
    const after = await harnessOf({ ledger, schemas: { output: { type: 'array' } } });
    // The ids of a harness begin with the same one.
    await after.begin();

    const execution = await begun(after);

    expect(callersOf(after)).toEqual([execution]);
    await after.answer(execution, 'scan', []);
    expect(await scanOf(after, await begun(after))).toMatchObject({ cached: { execution }, output: { inline: [] } });
  });

  it('shares one call between the items of a fan-out whose keys are the same', async () => {
    const harness = await harnessOf({ task: { fanOut: 4, input: { of: '${ index % 2 }' } } });
    const execution = await harness.begin();

    for (const item of [0, 1, 2, 3]) await harness.dispatch(execution, `scan[${item}]`);
    await harness.answer(execution, 'scan[0]', 'even');
    await harness.answer(execution, 'scan[1]', 'odd');

    expect(harness.calls.map(({ path }) => path)).toEqual(['scan[0]', 'scan[1]']);
    expect(await harness.task(execution, 'scan')).toMatchObject({
      status: 'succeeded',
      output: { inline: ['even', 'odd', 'even', 'odd'] },
    });
  });

  it('uses up no budget and no place with a hit', async () => {
    const harness = await harnessOf({ plan: { budget: { calls: 1, onExceeded: 'fail' }, maxParallel: 1 } });
    const first = await begun(harness);
    await harness.answer(first, 'scan');

    const second = await begun(harness);

    expect(await harness.ledger.findLimit(second, 'budget.calls')).toBeUndefined();
    expect(await harness.ledger.findLimit(second, 'max_parallel')).toBeUndefined();
  });

  it('tells expressions that its output comes from the cache', async () => {
    const harness = await createEngineHarness({
      tasks: [
        { id: 'scan', cache: { ttl: 600 } },
        {
          id: 'report',
          dependsOn: [{ task: 'scan', on: 'success' }],
          input: { cached: '${ tasks.scan.cached }', attempts: '${ tasks.scan.attempts }' },
        },
      ],
    });
    const inputs: Json[] = [];
    for (const isFirst of [true, false]) {
      const execution = await harness.begin();
      await harness.dispatch(execution, 'scan');
      if (isFirst) await harness.answer(execution, 'scan');
      await harness.dispatch(execution, 'report');
      inputs.push(harness.calls.at(-1)?.input ?? null);
    }

    expect(inputs).toEqual([
      { cached: false, attempts: 1 },
      { cached: true, attempts: 0 },
    ]);
  });
});

describe('a call that is being made', () => {
  it('is waited for, and its answer is that of all who wait', async () => {
    const harness = await harnessOf();
    const first = await begun(harness);
    const others = [await begun(harness), await begun(harness), await begun(harness)];

    for (const other of others) {
      expect(await causeOf(harness, other)).toMatchObject({ kind: 'same_call', execution: first, task: 'scan' });
    }
    await harness.answer(first, 'scan', 'shared');

    for (const other of others) {
      expect(await scanOf(harness, other)).toMatchObject({
        status: 'succeeded',
        output: { inline: 'shared' },
        cached: { execution: first },
      });
    }
    expect(callersOf(harness)).toEqual([first]);
    expect(harness.errors).toEqual([]);
  });

  it('is made by the next one in order when it fails', async () => {
    const harness = await harnessOf();
    const [first, second, third] = [await begun(harness), await begun(harness), await begun(harness)];

    await harness.fail(first, 'scan');

    expect(callersOf(harness)).toEqual([first, second]);
    expect(await scanOf(harness, third)).toMatchObject({ status: 'parked', cause: { kind: 'same_call' } });
    await harness.answer(second, 'scan', 'well');
    expect(await scanOf(harness, third)).toMatchObject({ status: 'succeeded', cached: { execution: second } });
  });

  it('is made by the next one when its execution is cancelled, once the grace is over', async () => {
    const harness = await harnessOf();
    const [first, second] = [await begun(harness), await begun(harness)];

    await harness.engine.cancel(first, 'sam');
    await harness.engine.conclude(first, 'conclude');
    await harness.pass(30 * SECOND);

    expect(await scanOf(harness, first)).toMatchObject({ status: 'unknown' });
    expect(callersOf(harness)).toEqual([first, second]);
  });

  it('is made by the next one when a pause keeps it from being made', async () => {
    const harness = await harnessOf();
    const first = await harness.begin({ of: 'a' });
    const dispatching = harness.dispatch(first, 'scan');
    await Promise.all([dispatching, harness.engine.pause(first, { by: 'sam' })]);
    await harness.quiet();

    const second = await begun(harness);

    expect(callersOf(harness)).toEqual(callersOf(harness).includes(first) ? [first] : [second]);
    await harness.engine.unpause(first, { by: 'sam' });
    await harness.answer(callersOf(harness)[0] as ExecutionId, 'scan');
    expect((await scanOf(harness, first))?.status).toBe('succeeded');
    expect((await scanOf(harness, second))?.status).toBe('succeeded');
    expect(harness.calls).toHaveLength(1);
  });

  it('passes over those whose execution is paused', async () => {
    const harness = await harnessOf();
    const [first, second, third] = [await begun(harness), await begun(harness), await begun(harness)];
    await harness.engine.pause(second, { by: 'sam' });

    await harness.fail(first, 'scan');

    expect(callersOf(harness)).toEqual([first, third]);
    await harness.answer(third, 'scan', 'well');
    await harness.engine.unpause(second, { by: 'sam' });
    expect(await scanOf(harness, second)).toMatchObject({ status: 'succeeded', cached: { execution: third } });
  });

  it('does not use up the patience of those who wait', async () => {
    const harness = await harnessOf({ task: { queueTimeout: 1, timeout: 3600 } });
    const [first, second] = [await begun(harness), await begun(harness)];

    await harness.pass(10 * MINUTE);
    await harness.answer(first, 'scan');

    expect(await scanOf(harness, second)).toMatchObject({ status: 'succeeded' });
  });

  it('counts as lost when its engine has died and nobody takes it up: the next one looks by itself', async () => {
    const harness = await harnessOf();
    const [first, second] = [await begun(harness), await begun(harness)];
    // The timers of its attempt are lost with the engine.
    harness.timers.splice(0, harness.timers.length, ...harness.timers.filter(({ timer }) => timer.kind === 'wake'));

    await harness.pass(5 * MINUTE + 15 * MINUTE);
    await harness.quiet();

    expect(callersOf(harness)).toEqual([first, second]);
    await harness.answer(first, 'scan', 'too late');
    await harness.answer(second, 'scan', 'in time');
    const third = await begun(harness);
    expect(await scanOf(harness, third)).toMatchObject({
      output: { inline: 'in time' },
      cached: { execution: second },
    });
  });

  it('is found again by whoever hears of its end, where a crash has swallowed what follows', async () => {
    const ledger = createMemoryLedgerStore();
    const harness = await harnessOf({ ledger });
    const first = await begun(harness);
    const second = await begun(harness);
    const [before] = await ledger.listControls('cache/sketch');
    const key = before?.key ?? '';
    const task = await scanOf(harness, first);
    const by = { execution: first, path: 'scan', attempt: 1 };
    const value = { task: 'scan', status: 'stored', output: { inline: 'x' }, by, at: 0, until: null };
    expect(task?.attempt?.holds).toEqual({ cache: { key } });
    await ledger.commit([{ kind: 'control', record: { key, value, revision: (before?.revision ?? 0) + 1 } }]);

    await harness.engine.repeat({ kind: 'control', key });

    expect(await scanOf(harness, second)).toMatchObject({ status: 'succeeded', cached: { execution: first } });
  });

  it('is no place in a pool for those who wait for its answer', async () => {
    const agent = { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [] };
    const pool = { name: 'p', capacity: 1, instances: 1, strategy: 'round_robin' } as const;
    const harness = await harnessOf({ plan: { agents: { worker: { ...agent, pool } } } });
    const holder = await begun(harness, 'other');
    const [first, second] = [await begun(harness), await begun(harness)];
    expect([await causeOf(harness, first), await causeOf(harness, second)]).toMatchObject([
      { kind: 'pool' },
      { kind: 'pool' },
    ]);

    await harness.answer(holder, 'scan');
    await harness.answer(first, 'scan', 'shared');

    expect(callersOf(harness)).toEqual([holder, first]);
    expect(await scanOf(harness, second)).toMatchObject({ status: 'succeeded', cached: { execution: first } });
    expect(await harness.ledger.listParked('pool#p', 10)).toEqual([]);
    expect(harness.errors).toEqual([]);
  });
});

describe('50 executions that want the same answer at the same moment', () => {
  async function race(around: (ledger: LedgerStore) => LedgerStore = (it) => it) {
    const harness = await harnessOf({ ledger: around(createMemoryLedgerStore()) });
    const executions: ExecutionId[] = [];
    for (let i = 0; i < 50; i += 1) executions.push(await harness.begin({ of: 'a' }));
    await Promise.all(executions.map((execution) => harness.dispatch(execution, 'scan', `${execution}/scan`)));
    return { harness, executions };
  }

  it('make one call', async () => {
    const { harness, executions } = await race();
    expect(harness.calls).toHaveLength(1);

    await harness.answer(harness.calls[0]?.execution as ExecutionId, 'scan', 'shared');

    for (const execution of executions) {
      expect(await scanOf(harness, execution)).toMatchObject({ status: 'succeeded', output: { inline: 'shared' } });
    }
    expect(harness.calls).toHaveLength(1);
  });

  it('rest on the revision of the record alone: without that condition they make more', async () => {
    const { harness } = await race((ledger) => withoutRevisions(ledger, 'control'));

    expect(harness.calls.length).toBeGreaterThan(1);
  });

  it('make one call after the other, never two at once, while the calls fail', async () => {
    const { harness, executions } = await race();

    for (let failed = 0; failed < 49; failed += 1) {
      expect(harness.calls).toHaveLength(failed + 1);
      await harness.fail(harness.calls[failed]?.execution as ExecutionId, 'scan');
    }
    await harness.answer(harness.calls[49]?.execution as ExecutionId, 'scan', 'at last');

    expect(new Set(callersOf(harness)).size).toBe(executions.length);
  });
});
