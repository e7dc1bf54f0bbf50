import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { UnavailableError } from '../../core/errors/index.ts';
import { taskPath, type ExecutionId } from '../../core/ids/index.ts';
import type { CommitResult } from '../../core/ports/index.ts';
import { createEngineHarness, type EngineHarness } from '../makers/engine-harness.ts';

const after = (...tasks: readonly string[]) => tasks.map((task) => ({ task, on: 'success' as const }));
const patient = { maxAttempts: 2, interval: 10, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
const goesOn = { onFailure: 'continue' } as const;

async function complete(harness: EngineHarness, execution: ExecutionId, path: string, output = {}): Promise<void> {
  await harness.engine.answers.complete(harness.handle(execution, path), output);
  await harness.quiet();
}

async function fail(harness: EngineHarness, execution: ExecutionId, path: string): Promise<void> {
  await harness.engine.answers.fail(harness.handle(execution, path), { name: 'Broken', message: 'no' });
  await harness.quiet();
}

describe('dispatch of a task that will not run', () => {
  it('skips it when its condition is false, and lets those after it run', async () => {
    const harness = await createEngineHarness({
      tasks: [
        { id: 'lint', when: 'input.deep' },
        { id: 'report', dependsOn: after('lint') },
      ],
    });
    const execution = await harness.begin({ deep: false });

    await harness.dispatch(execution, 'lint');
    await harness.dispatch(execution, 'report');

    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'skipped',
      attempts: 0,
      why: 'its condition was false: input.deep',
    });
    expect(harness.answers).toEqual([{ token: 'lint', answer: 'succeeded' }]);
    expect(harness.calls.map(({ path }) => path)).toEqual(['report']);
  });

  it('fails it when its condition is not a boolean', async () => {
    const harness = await createEngineHarness({ ...goesOn, tasks: [{ id: 'lint', when: 'input.deep' }] });
    const execution = await harness.begin({ deep: 'yes' });

    await harness.dispatch(execution, 'lint');

    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'failed', error: { name: 'InvalidInput' } });
  });

  it('fails it, and stops the execution, when its input does not fit the agent', async () => {
    const schemas = { input: { type: 'object', required: ['files'] } };
    const tasks = [{ id: 'lint' }, { id: 'scan', input: { files: [] } }];
    const harness = await createEngineHarness({ tasks }, { schemas });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'scan');

    await harness.dispatch(execution, 'lint');

    const message = "The input does not fit the agent: the value must have required property 'files'";
    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'failed',
      attempts: 0,
      error: { name: 'InvalidInput', message },
    });
    expect((await harness.ledger.findExecution(execution))?.status).toBe('stopping');
    expect(harness.cancelled).toEqual([harness.handle(execution, 'scan')]);
    expect(harness.answers).toEqual([{ token: 'lint', answer: 'ExecutionStopping' }]);
  });

  it('tells its state that it failed when what it needs has failed', async () => {
    const harness = await createEngineHarness({
      ...goesOn,
      tasks: [{ id: 'clone' }, { id: 'lint', dependsOn: after('clone') }, { id: 'report', dependsOn: after('lint') }],
    });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'clone');
    await harness.dispatch(execution, 'lint');

    await fail(harness, execution, 'clone');

    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'upstream_failed', why: 'clone failed' });
    expect(harness.answers).toContainEqual({ token: 'lint', answer: 'TaskFailed' });
    // Its machine has not come to report; that one is decided as well.
    expect(await harness.task(execution, 'report')).toMatchObject({
      status: 'upstream_failed',
      why: 'lint could not run',
    });
  });

  it('rejects it while the execution is stopping, without a record of it', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }, { id: 'scan' }] });
    const execution = await harness.begin();
    await harness.engine.cancel(execution, 'me');

    await harness.dispatch(execution, 'lint');

    expect(harness.answers).toEqual([{ token: 'lint', answer: 'ExecutionStopping' }]);
    expect(await harness.task(execution, 'lint')).toBeUndefined();
  });
});

describe('dispatch of a task that waits', () => {
  it('watches its dependencies one after the other until all have settled', async () => {
    const harness = await createEngineHarness({
      tasks: [{ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'report', dependsOn: after('a', 'b', 'c') }],
    });
    const execution = await harness.begin();
    for (const path of ['a', 'b', 'c', 'report']) await harness.dispatch(execution, path);

    const watched: string[][] = [];
    for (let round = 0; round < 3; round += 1) {
      const cause = (await harness.task(execution, 'report'))?.cause;
      const tasks = cause?.kind === 'dependency' ? cause.tasks : [];
      watched.push([...tasks]);
      for (const path of tasks) await complete(harness, execution, path);
    }

    expect(watched.map((tasks) => tasks.length)).toEqual([1, 1, 1]);
    expect(watched.flat().toSorted()).toEqual(['a', 'b', 'c']);
    expect(await harness.task(execution, 'report')).toMatchObject({ status: 'running' });
    const left = await Promise.all(
      ['a', 'b', 'c'].map((path) => harness.ledger.listWatches(execution, taskPath(path))),
    );
    expect(left.flat()).toEqual([]);
  });

  it('runs it at the first success when that is all it needs', async () => {
    const harness = await createEngineHarness({
      tasks: [{ id: 'a' }, { id: 'b' }, { id: 'report', dependsOn: after('a', 'b'), join: 'any_success' }],
    });
    const execution = await harness.begin();
    for (const path of ['a', 'b', 'report']) await harness.dispatch(execution, path);

    await complete(harness, execution, 'b');

    expect(await harness.task(execution, 'report')).toMatchObject({ status: 'running' });
  });

  it('keeps a retry waiting that is dispatched again, binds the new token, and calls when its time has come', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', retry: patient }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint', 'old');
    await fail(harness, execution, 'lint');
    harness.timers.length = 0;

    await harness.dispatch(execution, 'lint', 'new');
    const waiting = await harness.task(execution, 'lint');
    await harness.pass(9_999);
    const early = harness.calls.length;
    await harness.pass(1);
    await harness.engine.answers.complete(harness.handle(execution, 'lint', 2), {});
    await harness.quiet();

    expect(waiting).toMatchObject({ status: 'parked', token: 'new', cause: { kind: 'retry', attempt: 2 } });
    expect(early).toBe(1);
    expect(harness.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(harness.answers).toEqual([{ token: 'new', answer: 'succeeded' }]);
  });

  it('lets no newcomer take the place of max_parallel for which another one has waited', async () => {
    const ledger = createMemoryLedgerStore();
    const harness = await createEngineHarness(
      { maxParallel: 1, tasks: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] },
      {
        ledger: {
          ...ledger,
          // The moment in which a has given its place back, and b has not been woken yet.
          commit: async (writes) => {
            const result = await ledger.commit(writes);
            const isFree = writes.some((write) => write.kind === 'event' && write.event.type === 'task.completed');
            if (isFree) await harness.dispatch(execution, 'c');
            return result;
          },
        },
      },
    );
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    await harness.dispatch(execution, 'b');

    await complete(harness, execution, 'a');

    expect(harness.calls.map(({ path }) => path)).toEqual(['a', 'b']);
    expect(await harness.task(execution, 'c')).toMatchObject({ cause: { kind: 'concurrency', limit: 'max_parallel' } });
  });

  it('rejects it when its execution stops in the very moment in which what it needs has failed', async () => {
    const ledger = createMemoryLedgerStore();
    const stopping: (() => Promise<void>)[] = [];
    const harness = await createEngineHarness(
      { tasks: [{ id: 'clone' }, { id: 'lint', dependsOn: after('clone') }] },
      {
        ledger: {
          ...ledger,
          // lint has seen its execution running, and not yet how clone has ended.
          findTasks: async (id, paths) => {
            await stopping.pop()?.();
            return ledger.findTasks(id, paths);
          },
        },
      },
    );
    const execution = await harness.begin();
    await harness.dispatch(execution, 'clone');
    stopping.push(() => fail(harness, execution, 'clone'));

    await harness.dispatch(execution, 'lint');

    expect(await harness.task(execution, 'lint')).toBeUndefined();
    expect(harness.answers.map(({ token, answer }) => `${token} ${answer}`).toSorted()).toEqual([
      'clone ExecutionStopping',
      'lint ExecutionStopping',
    ]);
  });

  it('keeps the place in the queue of max_parallel of a task that is dispatched again', async () => {
    const harness = await createEngineHarness({ maxParallel: 1, tasks: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] });
    const execution = await harness.begin();
    for (const path of ['a', 'b', 'c']) {
      await harness.dispatch(execution, path);
      harness.clock.advanceBy(1);
    }

    await harness.dispatch(execution, 'b', 'b again');
    await complete(harness, execution, 'a');
    await complete(harness, execution, 'b');

    expect(harness.calls.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
    expect(harness.answers).toContainEqual({ token: 'b again', answer: 'succeeded' });
  });
});

describe('dispatch of a task whose agent cannot be reached', () => {
  const unreachable = new UnavailableError({ code: 'connection_refused', message: 'Nobody listens there.' });

  it('settles the attempt as AgentUnavailable, which is retried', async () => {
    const harness = await createEngineHarness(
      { tasks: [{ id: 'lint', retry: patient }] },
      {
        onCall: async ({ attempt }) => {
          if (attempt === 1) throw unreachable;
        },
      },
    );
    const execution = await harness.begin();

    await harness.dispatch(execution, 'lint');
    const parked = await harness.task(execution, 'lint');
    await harness.pass(10_000);

    expect(parked).toMatchObject({ status: 'parked', cause: { kind: 'retry', error: 'AgentUnavailable', attempt: 2 } });
    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'running', attempts: 2 });
    const types = harness.events.filter(({ path }) => path === 'lint').map(({ type }) => type);
    expect(types).toEqual(['task.assigned', 'task.retried', 'task.parked', 'task.assigned', 'task.started']);
  });

  it('fails the task by that name when no attempt is left', async () => {
    const harness = await createEngineHarness(
      { tasks: [{ id: 'lint' }], ...goesOn },
      { onCall: () => Promise.reject(unreachable) },
    );
    const execution = await harness.begin();

    await harness.dispatch(execution, 'lint');

    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'failed',
      error: { name: 'AgentUnavailable', message: 'Nobody listens there.' },
    });
  });

  it('lets the state try again after an error of the runtime itself, which uses up no attempt', async () => {
    let calls = 0;
    const harness = await createEngineHarness(
      { tasks: [{ id: 'lint' }] },
      {
        onCall: async () => {
          calls += 1;
          if (calls === 1) throw new TypeError('a bug');
        },
      },
    );
    const execution = await harness.begin();

    const first = harness.dispatch(execution, 'lint');
    await expect(first).rejects.toThrow('a bug');
    await harness.dispatch(execution, 'lint');

    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'running', attempts: 1 });
    expect(new Set(harness.calls.map(({ handle }) => handle)).size).toBe(1);
  });

  it('takes an answer that comes before the runtime has accepted the call', async () => {
    const harness = await createEngineHarness(
      { tasks: [{ id: 'lint' }] },
      { onCall: ({ handle }, { engine }) => engine.answers.complete(handle, { fast: true }) },
    );
    const execution = await harness.begin();

    await harness.dispatch(execution, 'lint');
    await harness.quiet();

    expect(await harness.task(execution, 'lint')).toMatchObject({ output: { inline: { fast: true } } });
    const told = harness.events.filter(({ path }) => path === 'lint').map(({ type }) => type);
    expect(told).toEqual(['task.assigned', 'task.started', 'task.completed']);
  });
});

describe('dispatch of a task that runs', () => {
  it('gives its agent what its expressions see, whatever its size', async () => {
    const text = 'x'.repeat(40_000);
    const harness = await createEngineHarness({
      tasks: [
        { id: 'clone' },
        {
          id: 'lint',
          dependsOn: after('clone'),
          input: { text: '${ tasks.clone.output.text }', tries: '${ tasks.clone.attempts }' },
        },
        { id: 'scan', fanOut: 2, input: { shard: '${ index }', of: '${ execution.id }' } },
      ],
    });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'clone');
    await complete(harness, execution, 'clone', { text });

    await harness.dispatch(execution, 'lint');
    await harness.dispatch(execution, 'scan[1]');

    expect((await harness.task(execution, 'clone'))?.output).toMatchObject({ bytes: 40_011 });
    expect(harness.calls.slice(1)).toMatchObject([
      { path: 'lint', input: { text, tries: 1 }, index: 0, count: 1, idempotencyKey: `${execution}/lint` },
      { path: 'scan[1]', input: { shard: 1, of: execution }, index: 1, count: 2, task: 'scan' },
    ]);
  });

  it('gives up when it never gets its write through, instead of trying for ever', async () => {
    const ledger = createMemoryLedgerStore();
    let stuck = false;
    const harness = await createEngineHarness(
      { tasks: [{ id: 'lint' }] },
      {
        ledger: {
          ...ledger,
          commit: async (writes): Promise<CommitResult> => (stuck ? 'conflict' : ledger.commit(writes)),
        },
      },
    );
    const execution = await harness.begin();
    stuck = true;

    await expect(harness.dispatch(execution, 'lint')).rejects.toMatchObject({
      name: 'InvariantError',
      code: 'no_progress',
    });
  });
});
