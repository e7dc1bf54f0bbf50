import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';

describe('onTimer for the timeout of an execution', () => {
  it('stops it: agents are told, states are rejected, and it ends as timed_out', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', timeout: 600 }], timeout: 60, grace: 30 });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');

    await harness.pass(60_000);
    await harness.engine.conclude(execution, 'end');
    const waiting = await harness.ledger.findExecution(execution);
    await harness.pass(30_000);

    expect(waiting).toMatchObject({ status: 'stopping', stopping: { reason: 'timeout', drain: false } });
    expect(harness.cancelled).toEqual([harness.handle(execution, 'lint')]);
    expect(harness.answers).toEqual([
      { token: 'lint', answer: 'ExecutionStopping' },
      { token: 'end', answer: 'succeeded' },
    ]);
    expect(await harness.ledger.findExecution(execution)).toMatchObject({
      status: 'timed_out',
      error: { name: 'ExecutionTimeout' },
    });
    expect(harness.aborted).toEqual([]);
  });

  it('acts on nothing when it comes before its time, or after the end', async () => {
    const harness = await createEngineHarness({ tasks: [], timeout: 60 });
    const execution = await harness.begin();

    await harness.engine.onTimer({ kind: 'execution_timeout', execution });
    const early = await harness.ledger.findExecution(execution);
    await harness.engine.conclude(execution, 'end');
    await harness.pass(60_000);

    expect(early?.status).toBe('running');
    expect((await harness.ledger.findExecution(execution))?.status).toBe('succeeded');
  });

  it('leaves the reason alone for which an execution stops already', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }], timeout: 60 });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.cancel(execution, 'me');

    await harness.pass(60_000);

    expect(await harness.ledger.findExecution(execution)).toMatchObject({ stopping: { reason: 'cancel', by: 'me' } });
  });
});

describe('onTimer for an attempt', () => {
  it('settles one that does not answer as AttemptTimeout, and tells its agent', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', timeout: 10 }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');

    await harness.pass(10_000);

    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'failed',
      error: { name: 'AttemptTimeout', message: 'No answer within 10 s.' },
    });
    expect(harness.cancelled).toEqual([harness.handle(execution, 'lint')]);
  });

  it('grants the whole timeout again to one that was called again after a crash', async () => {
    const ledger = createMemoryLedgerStore();
    const sketch = { tasks: [{ id: 'lint', timeout: 10 }] };
    const before = await createEngineHarness(sketch, { ledger });
    const execution = await before.begin();
    await before.dispatch(execution, 'lint');
    const now = await createEngineHarness(sketch, { ledger, engineId: 'engine-2' });
    now.clock.advanceBy(9_000);
    await now.dispatch(execution, 'lint', 'new');

    now.clock.advanceBy(1_000);
    await now.engine.onTimer({ kind: 'attempt_timeout', execution, path: taskPath('lint'), attempt: 1 });
    const alive = await now.task(execution, 'lint');
    await now.pass(9_000);

    expect(alive?.status).toBe('running');
    expect(await now.task(execution, 'lint')).toMatchObject({ status: 'failed', error: { name: 'AttemptTimeout' } });
  });

  it('acts on nothing when its attempt has ended', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', timeout: 10, heartbeat: 2 }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.answers.complete(harness.handle(execution, 'lint'), {});
    await harness.quiet();

    await harness.pass(20_000);

    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'succeeded' });
    expect(harness.cancelled).toEqual([]);
  });
});
