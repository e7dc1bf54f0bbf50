import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { AgentTask } from '../../core/plan/index.ts';
import { createEngineHarness, type EngineHarness, type PlanSketch } from '../makers/engine-harness.ts';

const goesOn = { onFailure: 'continue' } as const;
const items = ['scan[0]', 'scan[1]', 'scan[2]'];
const after = (task: string) => [{ task, on: 'success' as const }];

/** An execution with the fan-out `scan` of three, all of whose items were dispatched. */
async function scanning(scan: Partial<AgentTask>, more: Omit<PlanSketch, 'tasks'> = {}) {
  const tasks = [
    { id: 'scan', fanOut: 3, ...scan },
    { id: 'report', dependsOn: after('scan') },
  ];
  const harness = await createEngineHarness({ ...goesOn, tasks, ...more });
  const execution = await harness.begin();
  for (const path of items) await harness.dispatch(execution, path);
  return { harness, execution };
}

async function complete(harness: EngineHarness, execution: ExecutionId, path: string, output: Json): Promise<void> {
  await harness.engine.answers.complete(harness.handle(execution, path), output);
  await harness.quiet();
}

describe('a fan-out', () => {
  it('succeeds with the outputs in the order of its items, whoever came first', async () => {
    const { harness, execution } = await scanning({});
    await harness.dispatch(execution, 'report');

    await complete(harness, execution, 'scan[2]', 'c');
    await complete(harness, execution, 'scan[0]', 'a');
    const unsettled = await harness.task(execution, 'scan');
    await complete(harness, execution, 'scan[1]', 'b');

    expect(unsettled).toBeUndefined();
    expect(await harness.task(execution, 'scan')).toMatchObject({
      status: 'succeeded',
      attempts: 0,
      output: { inline: ['a', 'b', 'c'] },
    });
    expect(await harness.task(execution, 'report')).toMatchObject({ status: 'running' });
  });

  it('is settled once when its last items end together', async () => {
    const { harness, execution } = await scanning({});

    await Promise.all(items.map((path) => harness.engine.answers.complete(harness.handle(execution, path), path)));
    await harness.quiet();

    const settlings = harness.events.filter(({ path, type }) => path === 'scan' && type === 'task.completed');
    expect(settlings).toHaveLength(1);
    expect(await harness.task(execution, 'scan')).toMatchObject({ output: { inline: items } });
  });

  it('keeps the outputs of the others when an item fails, and fails with its error', async () => {
    const { harness, execution } = await scanning({});
    await complete(harness, execution, 'scan[0]', 'a');
    await harness.engine.answers.fail(harness.handle(execution, 'scan[1]'), { name: 'Broken', message: 'shard 1' });
    await complete(harness, execution, 'scan[2]', 'c');

    expect(await harness.task(execution, 'scan')).toMatchObject({
      status: 'failed',
      error: { name: 'Broken', message: 'shard 1' },
      output: { inline: ['a', null, 'c'] },
    });
    expect(await harness.task(execution, 'report')).toMatchObject({ status: 'upstream_failed', why: 'scan failed' });
    expect(harness.answers.toSorted((a, b) => (a.token < b.token ? -1 : 1))).toEqual([
      { token: 'scan[0]', answer: 'succeeded' },
      { token: 'scan[1]', answer: 'TaskFailed' },
      { token: 'scan[2]', answer: 'succeeded' },
    ]);
  });

  it('has null for an item whose own condition was false', async () => {
    const { harness, execution } = await scanning({ when: 'index != 1' });
    await complete(harness, execution, 'scan[0]', 'a');
    await complete(harness, execution, 'scan[2]', 'c');

    const scan = await harness.task(execution, 'scan');
    expect(scan).toMatchObject({ status: 'succeeded', output: { inline: ['a', null, 'c'] } });
    expect(scan?.why).toBeUndefined();
  });

  it('is skipped when all its items are, in their words and without an output', async () => {
    const { harness, execution } = await scanning({ when: 'false' });

    await harness.quiet();

    const scan = await harness.task(execution, 'scan');
    expect(scan).toMatchObject({ status: 'skipped', why: 'its condition was false: false' });
    expect(scan).not.toHaveProperty('output');
    expect(harness.calls).toEqual([]);
  });

  it('fails when its items cannot be evaluated', async () => {
    const { harness, execution } = await scanning({ input: { shard: '${ input.shards[index] }' } });

    await harness.quiet();

    expect(await harness.task(execution, 'scan')).toMatchObject({
      status: 'failed',
      error: { name: 'InvalidInput' },
      output: { inline: [null, null, null] },
    });
  });

  it('stops its execution by the failure of an item under fail_fast, unless it may fail alone', async () => {
    const statuses = [];
    for (const continueOnFailure of [false, true]) {
      const { harness, execution } = await scanning({ continueOnFailure }, { onFailure: 'fail_fast' });
      await harness.engine.answers.fail(harness.handle(execution, 'scan[1]'), { name: 'Broken', message: '' });
      await harness.quiet();
      statuses.push((await harness.ledger.findExecution(execution))?.status);
    }

    expect(statuses).toEqual(['stopping', 'running']);
  });

  it('is settled when its process has died between its last item and it, once the item is dispatched again', async () => {
    const ledger = createMemoryLedgerStore();
    let dead = false;
    const sketch = { tasks: [{ id: 'scan', fanOut: 1 }] };
    const before = await createEngineHarness(sketch, {
      ledger: {
        ...ledger,
        commit: async (writes) => {
          if (dead) throw new Error('the process has died');
          dead = writes.some((write) => write.kind === 'event' && write.event.type === 'task.completed');
          return ledger.commit(writes);
        },
      },
    });
    const execution = await before.begin();
    await before.dispatch(execution, 'scan[0]');
    await complete(before, execution, 'scan[0]', 'a');
    const unsettled = await before.task(execution, 'scan');
    const now = await createEngineHarness(sketch, { ledger, engineId: 'engine-2' });

    await now.dispatch(execution, 'scan[0]', 'again');

    expect(unsettled).toBeUndefined();
    expect(before.errors).toEqual([new Error('the process has died')]);
    expect(await now.task(execution, 'scan')).toMatchObject({ status: 'succeeded', output: { inline: ['a'] } });
    expect(now.answers).toEqual([{ token: 'again', answer: 'succeeded' }]);
  });
});
