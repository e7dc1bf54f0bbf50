import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import { createEngineHarness, withCauses } from '../makers/engine-harness.ts';
import { aTask } from '../makers/ledger-records.ts';

const after = (task: string) => [{ task, on: 'success' as const }];

describe('the ledger of these tests', () => {
  it('takes no task that waits and does not say what for', () => {
    const ledger = withCauses(createMemoryLedgerStore());

    expect(() => ledger.commit([{ kind: 'task', record: aTask({ status: 'parked' }) }])).toThrow('nothing says why');
  });
});

describe('dispatch', () => {
  it('makes one attempt and one call when it is delivered many times at once', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();

    await Promise.all(Array.from({ length: 50 }, () => harness.dispatch(execution, 'lint')));

    expect(harness.calls.map(({ path, attempt }) => [path, attempt])).toEqual([['lint', 1]]);
    expect((await harness.task(execution, 'lint'))?.attempts).toBe(1);
  });

  it('parks a task until its dependency has settled, then calls its agent with the same token', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'clone' }, { id: 'lint', dependsOn: after('clone') }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.dispatch(execution, 'clone');
    const parked = await harness.task(execution, 'lint');

    await harness.engine.answers.complete(harness.handle(execution, 'clone'), { files: 2 });
    await harness.quiet();

    expect(parked).toMatchObject({ status: 'parked', cause: { kind: 'dependency', tasks: ['clone'] } });
    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'running', token: 'lint' });
    expect(await harness.ledger.listWatches(execution, taskPath('clone'))).toEqual([]);
  });

  it('misses no dependency that settles while the watch is being put', async () => {
    const ledger = createMemoryLedgerStore();
    const harness = await createEngineHarness(
      { tasks: [{ id: 'clone' }, { id: 'lint', dependsOn: after('clone') }] },
      {
        ledger: {
          ...ledger,
          // The worst moment: lint has read its dependency, and its watch is not there yet.
          commit: async (writes) => {
            const isWatch = writes.some((write) => write.kind === 'watch');
            if (isWatch) {
              await harness.engine.answers.complete(harness.handle(execution, 'clone'), {});
              await harness.quiet();
            }
            return ledger.commit(writes);
          },
        },
      },
    );
    const execution = await harness.begin();
    await harness.dispatch(execution, 'clone');

    await harness.dispatch(execution, 'lint');

    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'running' });
  });

  it('answers a settled task again from the ledger, without a second call', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint', 'first');
    await harness.engine.answers.complete(harness.handle(execution, 'lint'), {});
    await harness.quiet();

    await harness.dispatch(execution, 'lint', 'second');

    expect(harness.answers).toEqual([
      { token: 'first', answer: 'succeeded' },
      { token: 'second', answer: 'succeeded' },
    ]);
    expect(harness.calls).toHaveLength(1);
  });

  it('binds the new token of a state that was entered again to the live attempt', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint', 'first');

    await harness.dispatch(execution, 'lint', 'second');
    await harness.engine.answers.complete(harness.handle(execution, 'lint'), {});
    await harness.quiet();

    expect(harness.answers).toEqual([{ token: 'second', answer: 'succeeded' }]);
  });

  it('calls the attempt of a dead process again with the same handle and uses up no attempt', async () => {
    const ledger = createMemoryLedgerStore();
    const before = await createEngineHarness({ tasks: [{ id: 'lint' }] }, { ledger });
    const execution = await before.begin();
    await before.dispatch(execution, 'lint', 'old');
    const now = await createEngineHarness({ tasks: [{ id: 'lint' }] }, { ledger, engineId: 'engine-2' });

    await now.dispatch(execution, 'lint', 'new');
    await now.engine.answers.complete(now.handle(execution, 'lint'), {});
    await now.quiet();

    expect(now.calls.map((call) => call.handle)).toEqual(before.calls.map((call) => call.handle));
    expect(await now.task(execution, 'lint')).toMatchObject({ status: 'succeeded', attempts: 1 });
    expect(now.answers).toEqual([{ token: 'new', answer: 'succeeded' }]);
  });

  it('withdraws the intent when the execution was stopped between the look and the write', async () => {
    const ledger = createMemoryLedgerStore();
    const harness = await createEngineHarness(
      { tasks: [{ id: 'lint' }] },
      {
        ledger: {
          ...ledger,
          commit: async (writes) => {
            const isIntent = writes.some((write) => write.kind === 'event' && write.event.type === 'task.assigned');
            if (isIntent) await harness.engine.cancel(execution, 'the test');
            return ledger.commit(writes);
          },
        },
      },
    );
    const execution = await harness.begin();

    await harness.dispatch(execution, 'lint');

    expect(harness.calls).toEqual([]);
    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'cancelled', attempts: 0 });
  });

  it('fails a task whose input cannot be evaluated, without an attempt', async () => {
    const harness = await createEngineHarness({
      tasks: [{ id: 'lint', input: { depth: '${ input.depth + "x" }' }, continueOnFailure: true }],
    });
    const execution = await harness.begin({ depth: 3 });

    await harness.dispatch(execution, 'lint');

    const task = await harness.task(execution, 'lint');
    expect(task).toMatchObject({ status: 'failed', attempts: 0, error: { name: 'InvalidInput' } });
    expect(harness.answers).toEqual([{ token: 'lint', answer: 'TaskFailed' }]);
  });
});

describe('max_parallel', () => {
  it('never lets more tasks hold a place than there are, and lets every one have its turn', async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `t${i}`);
    let running = 0;
    let most = 0;
    const harness = await createEngineHarness(
      { tasks: ids.map((id) => ({ id })), maxParallel: 3 },
      {
        onCall: async (call, { engine }) => {
          running += 1;
          most = Math.max(most, running);
          setImmediate(() => {
            running -= 1;
            void engine.answers.complete(call.handle, {});
          });
        },
      },
    );
    const execution = await harness.begin();

    await Promise.all(ids.map((id) => harness.dispatch(execution, id)));
    for (let i = 0; i < 20; i += 1) await harness.quiet();

    expect(most).toBe(3);
    expect(harness.answers.filter(({ answer }) => answer === 'succeeded')).toHaveLength(ids.length);
    expect((await harness.ledger.findLimit(execution, 'max_parallel'))?.holders).toEqual([]);
    expect(harness.errors).toEqual([]);
  });
});

describe('answers', () => {
  it('lets exactly one of racing answers win and refuses the others', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    const handle = harness.handle(execution, 'lint');

    const results = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) => harness.engine.answers.complete(handle, { answer: i })),
    );
    const second = harness.engine.answers.fail(handle, { name: 'Flaky', message: '' });

    await expect(second).rejects.toMatchObject({ code: 'attempt_not_live' });
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(harness.events.filter((event) => event.type === 'task.completed')).toHaveLength(1);
  });

  it('refuses a handle of nobody', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();
    const forged = harness.handle(execution, 'lint').replace(/\.(.)/, (_, first) => (first === 'A' ? '.B' : '.A'));

    await expect(harness.engine.answers.complete(forged as never, {})).rejects.toMatchObject({
      code: 'handle_unknown',
    });
  });

  it('fences the attempt that timed out: its late answer changes nothing', async () => {
    const retry = { maxAttempts: 2, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', timeout: 10, retry }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    harness.clock.advanceBy(10_000);
    await harness.engine.onTimer({ kind: 'attempt_timeout', execution, path: taskPath('lint'), attempt: 1 });

    const late = harness.engine.answers.complete(harness.handle(execution, 'lint', 1), {});

    await expect(late).rejects.toMatchObject({ code: 'attempt_not_live' });
    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'parked',
      cause: { kind: 'retry', attempt: 2 },
    });
    expect(harness.cancelled).toEqual([harness.handle(execution, 'lint', 1)]);
  });

  it('wakes a retry by the timer of its own parking only', async () => {
    const retry = { maxAttempts: 3, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', retry }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.answers.fail(harness.handle(execution, 'lint', 1), { name: 'Flaky', message: '' });
    const parking = (await harness.task(execution, 'lint'))?.parking ?? 0;

    await harness.engine.onTimer({ kind: 'wake', execution, path: taskPath('lint'), parking: parking - 1 });
    const stillParked = await harness.task(execution, 'lint');
    harness.clock.advanceBy(1000);
    await harness.engine.onTimer({ kind: 'wake', execution, path: taskPath('lint'), parking });

    expect(stillParked?.status).toBe('parked');
    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'running', attempts: 2 });
  });

  it('stops the execution in the commit of a failure under fail_fast and tells its own state so', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }, { id: 'scan' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.dispatch(execution, 'scan');

    await harness.engine.answers.fail(harness.handle(execution, 'lint'), { name: 'Broken', message: 'no' });
    await harness.quiet();

    expect(await harness.ledger.findExecution(execution)).toMatchObject({
      status: 'stopping',
      stopping: { reason: 'failure', task: 'lint' },
    });
    expect(harness.answers).toEqual([{ token: 'lint', answer: 'ExecutionStopping' }]);
    expect(harness.cancelled).toEqual([harness.handle(execution, 'scan')]);
    expect(harness.patiences).toEqual([30_000]);
  });
});

describe('conclude', () => {
  it('waits for what still runs until the grace period is over, then calls it unknown', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }, { id: 'scan', dependsOn: after('lint') }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.cancel(execution, 'the test');

    await harness.engine.conclude(execution, 'end');
    const waiting = await harness.ledger.findExecution(execution);
    harness.clock.advanceBy(30_000);
    await harness.engine.onTimer({ kind: 'grace', execution });

    expect(waiting?.status).toBe('stopping');
    expect((await harness.ledger.findExecution(execution))?.status).toBe('cancelled');
    expect((await harness.task(execution, 'lint'))?.status).toBe('unknown');
    expect((await harness.task(execution, 'scan'))?.status).toBe('cancelled');
    expect(harness.aborted).toEqual([execution]);
  });

  it('ends as soon as the last running attempt has answered', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.cancel(execution, 'the test');
    await harness.engine.conclude(execution, 'end');

    await harness.engine.answers.complete(harness.handle(execution, 'lint'), {});
    await harness.quiet();

    expect((await harness.ledger.findExecution(execution))?.status).toBe('cancelled');
    expect((await harness.task(execution, 'lint'))?.status).toBe('succeeded');
  });

  it('writes one terminal status however often and from wherever it is asked', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.answers.complete(harness.handle(execution, 'lint'), { ok: true });
    await harness.quiet();

    await Promise.all(Array.from({ length: 20 }, () => harness.engine.conclude(execution, 'end')));

    const completions = harness.events.filter((event) => event.type === 'workflow.execution_completed');
    expect(completions).toHaveLength(1);
    expect(await harness.ledger.findExecution(execution)).toMatchObject({
      status: 'succeeded',
      output: { inline: { lint: { ok: true } } },
    });
  });

  it('calls it an error of the engine when the machine ends before every task has settled', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();

    await harness.engine.conclude(execution, 'end');

    expect(await harness.ledger.findExecution(execution)).toMatchObject({
      status: 'failed',
      error: { name: 'EngineError' },
    });
  });
});

describe('cancel', () => {
  it('tries the next token when the first one is dead', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'a' }, { id: 'b' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    await harness.dispatch(execution, 'b');
    harness.deadTokens.add('a');

    await harness.engine.cancel(execution, 'the test');

    expect(harness.answers).toEqual([{ token: 'b', answer: 'ExecutionStopping' }]);
  });

  it('refuses an execution that has ended', async () => {
    const harness = await createEngineHarness({ tasks: [] });
    const execution = await harness.begin();
    await harness.engine.conclude(execution, 'end');

    await expect(harness.engine.cancel(execution, 'me')).rejects.toMatchObject({ code: 'execution_ended' });
  });
});

describe('start', () => {
  it('refuses an input that breaks the schema, and says where', async () => {
    const input = { type: 'object', required: ['repository'] };
    const harness = await createEngineHarness({ tasks: [], input });

    await expect(harness.begin({})).rejects.toMatchObject({
      code: 'invalid_input',
      message: "The input does not fit the workflow: the value must have required property 'repository'.",
    });
  });
});

describe('heartbeat', () => {
  it('keeps an attempt alive, and silence ends it', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', heartbeat: 10 }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    const timer = { kind: 'heartbeat', execution, path: taskPath('lint'), attempt: 1 } as const;
    harness.clock.advanceBy(9000);
    await harness.engine.answers.heartbeat(harness.handle(execution, 'lint'));

    harness.clock.advanceBy(1000);
    await harness.engine.onTimer(timer);
    const alive = await harness.task(execution, 'lint');
    harness.clock.advanceBy(9000);
    await harness.engine.onTimer(timer);

    expect(alive?.status).toBe('running');
    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'failed',
      error: { name: 'HeartbeatTimeout' },
    });
  });
});
