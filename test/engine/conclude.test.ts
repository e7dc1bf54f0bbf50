import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import { createEngineHarness, type PlanSketch } from '../makers/engine-harness.ts';
import { smallPlan } from '../makers/small-plan.ts';

const broken = { name: 'Broken', message: 'no' };
const patient = { maxAttempts: 3, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
const after = (task: string) => [{ task, on: 'success' as const }];

/** An execution in which `a` and `b` run, and perhaps others that nobody has dispatched. */
async function running(sketch: PlanSketch, options = {}) {
  const harness = await createEngineHarness(sketch, options);
  const execution = await harness.begin();
  await harness.dispatch(execution, 'a');
  await harness.dispatch(execution, 'b');
  return { harness, execution };
}

type Running = Awaited<ReturnType<typeof running>>;

const fail = ({ harness, execution }: Running, path: string) =>
  harness.engine.answers.fail(harness.handle(execution, path), broken).then(() => harness.quiet());
const complete = ({ harness, execution }: Running, path: string) =>
  harness.engine.answers.complete(harness.handle(execution, path), {}).then(() => harness.quiet());
const find = ({ harness, execution }: Running) => harness.ledger.findExecution(execution);
const statusOf = async ({ harness, execution }: Running, path: string) => (await harness.task(execution, path))?.status;

describe('conclude of a draining execution', () => {
  const drain: PlanSketch = {
    onFailure: 'drain',
    grace: 30,
    tasks: [{ id: 'a' }, { id: 'b', retry: patient }, { id: 'c', dependsOn: after('b') }],
  };

  it('waits for running tasks beyond the grace period, tells them nothing, and starts nothing new', async () => {
    const run = await running(drain);
    await fail(run, 'a');
    await run.harness.engine.conclude(run.execution, 'end');

    await run.harness.pass(120_000);
    await run.harness.engine.conclude(run.execution, 'end, entered again');
    const meanwhile = await find(run);
    await complete(run, 'b');

    expect(meanwhile).toMatchObject({ status: 'stopping', stopping: { drain: true } });
    expect(run.harness.cancelled).toEqual([]);
    expect(await find(run)).toMatchObject({ status: 'failed', error: { message: 'Task a failed: no' } });
    expect(await statusOf(run, 'b')).toBe('succeeded');
    expect(await statusOf(run, 'c')).toBe('cancelled');
  });

  it('retries no attempt that fails meanwhile', async () => {
    const run = await running(drain);
    await fail(run, 'a');
    await run.harness.engine.conclude(run.execution, 'end');

    await fail(run, 'b');

    expect(await run.harness.task(run.execution, 'b')).toMatchObject({ status: 'failed', attempts: 1 });
    expect((await find(run))?.status).toBe('failed');
  });

  it('ends when an attempt parks for its retry in the moment in which the execution stops', async () => {
    const ledger = createMemoryLedgerStore();
    const run: Running = await running(drain, {
      ledger: {
        ...ledger,
        // The worst moment: b's failure was looked at while everything ran, and is not written yet.
        commit: async (writes: Parameters<typeof ledger.commit>[0]) => {
          if (writes.some((write) => write.kind === 'event' && write.event.type === 'task.retried')) {
            await fail(run, 'a');
            await run.harness.engine.conclude(run.execution, 'end');
          }
          return ledger.commit(writes);
        },
      },
    });

    await fail(run, 'b');

    expect((await find(run))?.status).toBe('failed');
    expect(await statusOf(run, 'b')).toBe('cancelled');
  });

  it('does not wait for an attempt that died with its process', async () => {
    const ledger = createMemoryLedgerStore();
    const before = await running(drain, { ledger });
    await fail(before, 'a');
    const harness = await createEngineHarness(drain, { ledger, engineId: 'engine-2' });

    await harness.engine.conclude(before.execution, 'end');

    expect((await find(before))?.status).toBe('failed');
    expect(await statusOf(before, 'b')).toBe('unknown');
  });
});

describe('conclude', () => {
  it('fails an execution whose output cannot be rendered, with all its tasks succeeded', async () => {
    const run = await running({
      tasks: [{ id: 'a' }, { id: 'b' }],
      output: { report: '${ tasks.a.output.report.size }' },
    });
    await complete(run, 'a');
    await complete(run, 'b');

    await run.harness.engine.conclude(run.execution, 'end');

    const ended = await find(run);
    expect(ended).toMatchObject({ status: 'failed', error: { name: 'InvalidOutput' } });
    expect(ended?.error?.message).toMatch(/^The workflow's output: /);
    expect(ended?.output).toBeUndefined();
  });

  it('tells a state that comes after the end how it ended, without another event', async () => {
    const run = await running({ tasks: [{ id: 'a' }, { id: 'b' }] });
    await complete(run, 'a');
    await complete(run, 'b');
    await run.harness.engine.conclude(run.execution, 'end');
    const before = run.harness.events.length;

    await run.harness.engine.conclude(run.execution, 'once more');

    expect(run.harness.answers.slice(-2)).toEqual([
      { token: 'end', answer: 'succeeded' },
      { token: 'once more', answer: 'succeeded' },
    ]);
    expect(run.harness.events).toHaveLength(before);
  });

  it('stops the machine of a cancelled execution again when that comes back', async () => {
    const run = await running({ tasks: [{ id: 'a' }, { id: 'b' }], grace: 0 });
    await run.harness.engine.cancel(run.execution, 'me');
    await run.harness.engine.conclude(run.execution, 'end');

    await run.harness.engine.conclude(run.execution, 'once more');

    expect(run.harness.aborted).toEqual([run.execution, run.execution]);
  });

  it('has nothing to do before the machine has come to its end', async () => {
    const run = await running({ tasks: [{ id: 'a' }, { id: 'b' }], grace: 0 });
    await run.harness.engine.cancel(run.execution, 'me');

    await run.harness.engine.onTimer({ kind: 'grace', execution: run.execution });

    expect((await find(run))?.status).toBe('stopping');
  });

  it('gives up agents when their time is over, also while it waits for a child', async () => {
    const run = await running(smallPlan({ a: {}, b: { workflow: 'sketch' } }, { grace: 1 }));
    await run.harness.engine.cancel(run.execution, 'me');
    await run.harness.engine.conclude(run.execution, 'end');

    await run.harness.pass(1_000);

    expect(await statusOf(run, 'a')).toBe('unknown');
    expect(await statusOf(run, 'b')).toBe('running');
    expect((await find(run))?.status).toBe('stopping');
  });

  it('settles a fan-out that it has cut short, after its items', async () => {
    const run = await running({ tasks: [{ id: 'a' }, { id: 'b' }, { id: 'scan', fanOut: 3 }], grace: 0 });
    await run.harness.dispatch(run.execution, 'scan[0]');
    await run.harness.dispatch(run.execution, 'scan[1]');
    await complete(run, 'scan[0]');
    await run.harness.engine.cancel(run.execution, 'me');

    await run.harness.engine.conclude(run.execution, 'end');

    const statuses = await Promise.all(['scan[0]', 'scan[1]', 'scan[2]', 'scan'].map((path) => statusOf(run, path)));
    expect(statuses).toEqual(['succeeded', 'unknown', 'cancelled', 'unknown']);
    expect(await run.harness.task(run.execution, 'scan')).not.toHaveProperty('output');
    expect((await find(run))?.status).toBe('cancelled');
  });
});

describe('the end of an execution', () => {
  it('takes members that waited for a container that never opened out of its queue', async () => {
    const plan = smallPlan({ clone: {}, quality: { after: ['clone'], group: { tasks: { lint: {} } } } });
    const harness = await createEngineHarness(plan);
    const execution = await harness.begin();
    await harness.dispatch(execution, 'clone');
    await harness.dispatch(execution, 'quality/lint');
    const waiting = () => harness.ledger.listWatches(execution, taskPath('quality'));
    expect(await waiting()).toHaveLength(1);

    await harness.engine.answers.fail(harness.handle(execution, 'clone'), { ...broken, retryable: false });
    await harness.quiet();
    await harness.engine.conclude(execution, 'end');
    await harness.quiet();

    expect(await harness.task(execution, 'quality')).toMatchObject({ status: 'cancelled' });
    expect((await harness.ledger.findExecution(execution))?.status).toBe('failed');
    expect(await waiting()).toEqual([]);
  });
});
