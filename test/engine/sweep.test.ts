import { describe, expect, it } from 'vitest';
import type { ExecutionId } from '../../core/ids/index.ts';
import { createEngineHarness, type EngineHarness } from '../makers/engine-harness.ts';

const patience = { grace: 60_000, every: 60_000 };
const after = (...tasks: readonly string[]) => tasks.map((task) => ({ task, on: 'success' as const }));

/** Lets time pass; every timer of it is lost. */
function lose({ clock, timers }: EngineHarness, milliseconds: number): void {
  timers.splice(0);
  clock.advanceBy(milliseconds);
}

async function change(harness: EngineHarness, execution: ExecutionId, path: string, part: object): Promise<void> {
  const record = await harness.task(execution, path);
  await harness.ledger.commit([{ kind: 'task', record: { ...record!, ...part, revision: record!.revision + 1 } }]);
}

describe('Engine.sweep', () => {
  it('finds nothing in an execution in which all goes well', async () => {
    const harness = await createEngineHarness({ maxParallel: 1, tasks: [{ id: 'a' }, { id: 'b' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    await harness.dispatch(execution, 'b');
    lose(harness, 200_000);

    expect(await harness.engine.sweep(execution, patience)).toEqual([]);
    expect(harness.calls).toHaveLength(1);
  });

  it('ends an attempt whose timer was lost, a minute after its time', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'a', timeout: 10 }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');

    lose(harness, 69_999);
    expect(await harness.engine.sweep(execution, patience)).toEqual([]);
    lose(harness, 1);
    expect(await harness.engine.sweep(execution, patience)).toEqual(['attempt_timeout a']);
    expect(await harness.task(execution, 'a')).toMatchObject({ status: 'failed', error: { name: 'AttemptTimeout' } });
  });

  it('ends an attempt that is silent, and whose timer was lost', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'a', heartbeat: 5 }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    lose(harness, 65_000);

    expect(await harness.engine.sweep(execution, patience)).toEqual(['heartbeat a']);
  });

  it('times an execution out whose timer was lost', async () => {
    const harness = await createEngineHarness({ timeout: 100, tasks: [{ id: 'a' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    lose(harness, 160_000);

    expect(await harness.engine.sweep(execution, patience)).toContain('execution_timeout');
    expect(await harness.ledger.findExecution(execution)).toMatchObject({ stopping: { reason: 'timeout' } });
  });

  it('makes the retry whose wake-up was lost', async () => {
    const retry = { maxAttempts: 2, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
    const harness = await createEngineHarness({ tasks: [{ id: 'a', retry }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    await harness.engine.answers.fail(harness.handle(execution, 'a'), { name: 'Flaky', message: '' });
    await harness.quiet();
    lose(harness, 61_000);

    expect(await harness.engine.sweep(execution, patience)).toEqual(['admit a']);
    expect(harness.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('calls an agent whose call died with the call of it', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'a' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    const { attempt } = (await harness.task(execution, 'a'))!;
    await change(harness, execution, 'a', { attempt: { ...attempt, state: 'intended' } });
    lose(harness, 60_000);

    expect(await harness.engine.sweep(execution, patience)).toEqual(['admit a']);
    expect(harness.calls.map(({ handle }) => handle)).toEqual(Array(2).fill(harness.handle(execution, 'a')));
    expect(await harness.engine.sweep(execution, patience)).toEqual([]);
  });

  it('wakes a task whose producer has settled without a word', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'a' }, { id: 'b', dependsOn: after('a') }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'b');
    await harness.dispatch(execution, 'a');
    const settledAt = harness.clock.now();
    await change(harness, execution, 'a', {
      status: 'succeeded',
      output: { inline: {} },
      attempt: undefined,
      settledAt,
    });
    lose(harness, 60_000);

    const finds = await harness.engine.sweep(execution, patience);

    expect(finds).toEqual(['answer a', 'admit b']);
    expect(harness.calls.map(({ path }) => path)).toEqual(['a', 'b']);
    expect(harness.answers).toEqual([{ token: 'a', answer: 'succeeded' }]);
  });

  it('tells a state how its task ended after one, ten, a hundred and a thousand minutes, and finds it only where it waits', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'a' }, { id: 'b' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'b');
    await harness.dispatch(execution, 'a');
    await harness.answer(execution, 'a');
    harness.deadTokens.add('a');
    const told: number[] = [];
    for (let minute = 1; minute <= 1_001; minute += 1) {
      lose(harness, 60_000);
      await change(harness, execution, 'b', {
        attempt: { ...(await harness.task(execution, 'b'))!.attempt!, deadline: Infinity },
      });
      if (minute === 100) harness.deadTokens.clear();
      if ((await harness.engine.sweep(execution, patience)).includes('answer a')) told.push(minute);
    }

    expect(told).toEqual([100, 1_000]);
  });

  it('settles a group whose members have settled without a word', async () => {
    const region = { members: ['m'], edges: [], skeleton: { kind: 'task', task: 'm' }, gates: [] } as never;
    const group = {
      id: 'g',
      kind: 'group',
      dependsOn: [],
      join: 'all_success',
      continueOnFailure: false,
      region,
    } as never;
    const harness = await createEngineHarness({ tasks: [group, { id: 'm', container: 'g' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'g/m');
    const settledAt = harness.clock.now();
    await change(harness, execution, 'g/m', {
      status: 'succeeded',
      output: { inline: 1 },
      attempt: undefined,
      settledAt,
    });
    lose(harness, 60_000);

    expect(await harness.engine.sweep(execution, patience)).toContain('collect g');
    expect(await harness.task(execution, 'g')).toMatchObject({ status: 'succeeded' });
  });

  it('settles a fan-out whose items have settled without a word', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'f', fanOut: 1 }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'f[0]');
    const settledAt = harness.clock.now();
    await change(harness, execution, 'f[0]', {
      status: 'succeeded',
      output: { inline: 1 },
      attempt: undefined,
      settledAt,
    });
    lose(harness, 60_000);

    expect(await harness.engine.sweep(execution, patience)).toContain('collect f');
    expect(await harness.task(execution, 'f')).toMatchObject({ status: 'succeeded', output: { inline: [1] } });
  });

  it('does not look at executions that have ended, or that nobody knows', async () => {
    const harness = await createEngineHarness({ tasks: [] });
    const execution = await harness.begin();
    await harness.engine.conclude(execution, 'end');
    lose(harness, 1e9);

    expect(await harness.engine.sweep(execution, patience)).toEqual([]);
    expect(await harness.engine.sweep(`${execution}x` as ExecutionId, patience)).toEqual([]);
  });
});
