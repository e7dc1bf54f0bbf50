import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { executionId } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';

const sketch = { workflow: 'sketch', version: '1' } as const;

const retry = { maxAttempts: 1, interval: 1, backoffRate: 1, maxDelay: 1, jitter: 'none' } as const;

describe('start', () => {
  it('plans the execution, then starts its machine', async () => {
    const harness = await createEngineHarness({ tasks: [], timeout: 60 });

    const execution = await harness.engine.start({ ...sketch, input: { depth: 2 } });

    expect(await harness.ledger.findExecution(execution)).toMatchObject({
      status: 'planning',
      input: { inline: { depth: 2 } },
      deadline: harness.clock.now() + 60_000,
    });
    expect(harness.started).toEqual([execution]);
  });

  it('shortens the timeout, and never lengthens it', async () => {
    const harness = await createEngineHarness({ tasks: [], timeout: 60 });
    const deadlineOf = async (timeout: number) => {
      const execution = await harness.engine.start({ ...sketch, input: {}, timeout });
      return ((await harness.ledger.findExecution(execution))?.deadline ?? 0) - harness.clock.now();
    };

    expect([await deadlineOf(5), await deadlineOf(600)]).toEqual([5_000, 60_000]);
  });

  it('lets a policy of its own stand for those of all tasks', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.engine.start({ ...sketch, input: {}, retry });
    await harness.engine.begin({ ...sketch, execution, input: {} });
    await harness.dispatch(execution, 'lint');

    await harness.fail(execution, 'lint', 'AgentThrottled');

    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'failed', attempts: 1 });
  });

  it("fills in the input schema's defaults", async () => {
    const input = { type: 'object', properties: { depth: { type: 'integer', default: 3 } } };
    const harness = await createEngineHarness({ tasks: [], input });

    const execution = await harness.engine.start({ ...sketch, input: {} });

    expect((await harness.ledger.findExecution(execution))?.input).toEqual({ inline: { depth: 3 } });
  });

  it('refuses an input that is nested deeper than an answer may be', async () => {
    const harness = await createEngineHarness({ tasks: [] });
    let deep: Json = {};
    for (let level = 0; level < 100_000; level += 1) deep = [deep];

    const start = harness.engine.start({ ...sketch, input: deep });

    await expect(start).rejects.toMatchObject({ name: 'InvalidRequestError', code: 'invalid_input' });
    expect(harness.started).toEqual([]);
  });

  it('refuses a version that nobody has published', async () => {
    const harness = await createEngineHarness({ tasks: [] });

    const start = harness.engine.start({ workflow: 'sketch', version: '2', input: {} });

    await expect(start).rejects.toMatchObject({ name: 'NotFoundError', code: 'workflow_not_found' });
    expect(await harness.ledger.listOpenExecutions()).toEqual([]);
    expect(harness.started).toEqual([]);
  });
});

describe('start under an id that was given', () => {
  const id = executionId('exec_0123456789ABCDEFGHJKMNPQRS');

  it('starts one execution, however often it is asked for', async () => {
    const harness = await createEngineHarness({ tasks: [] });

    for (const input of [{ depth: 1 }, { depth: 2 }]) await harness.engine.start({ ...sketch, input }, id);

    expect(await harness.ledger.listOpenExecutions()).toEqual([id]);
    expect((await harness.ledger.findExecution(id))?.input).toEqual({ inline: { depth: 1 } });
  });

  it('leaves one alone that has ended', async () => {
    const harness = await createEngineHarness({ tasks: [] });
    await harness.engine.start({ ...sketch, input: {} }, id);
    await harness.engine.cancel(id, 'ann');
    await harness.engine.conclude(id, 'token');
    const started = harness.started.length;

    await harness.engine.start({ ...sketch, input: {} }, id);

    expect(await harness.ledger.findExecution(id)).toMatchObject({ status: 'cancelled' });
    expect(harness.started).toHaveLength(started);
  });
});

describe('begin', () => {
  it('creates the record of a machine that was started by hand', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', input: { depth: '${ input.depth }' } }] });
    const execution = executionId('exec_by_hand');

    await harness.engine.begin({ ...sketch, execution, input: { depth: 2 } });
    await harness.dispatch(execution, 'lint');

    expect(await harness.ledger.findExecution(execution)).toMatchObject({ status: 'running' });
    expect(harness.calls).toMatchObject([{ execution, input: { depth: 2 } }]);
  });

  it('refuses a machine that belongs to another workflow than its execution', async () => {
    const harness = await createEngineHarness({ tasks: [] });
    const execution = await harness.begin();

    const begin = harness.engine.begin({ execution, workflow: 'sketch', version: '2', input: {} });

    await expect(begin).rejects.toMatchObject({ name: 'ConflictError', code: 'foreign_execution' });
  });

  it('leaves the status of an execution that begins again, and counts its timeout from its start', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }], timeout: 60 });
    const execution = await harness.begin();
    await harness.engine.cancel(execution, 'me');
    harness.timers.length = 0;
    harness.clock.advanceBy(50_000);

    await harness.engine.begin({ ...sketch, execution, input: {} });

    const found = await harness.ledger.findExecution(execution);
    expect(found?.status).toBe('stopping');
    expect(harness.timers).toEqual([{ timer: { kind: 'execution_timeout', execution }, at: found?.deadline }]);
  });
});

describe('resume', () => {
  it('starts the machine of an execution that has not ended', async () => {
    const ledger = createMemoryLedgerStore();
    const before = await createEngineHarness({ tasks: [{ id: 'lint' }] }, { ledger });
    const execution = await before.begin();
    const now = await createEngineHarness({ tasks: [{ id: 'lint' }] }, { ledger, engineId: 'engine-2' });

    await now.engine.resume(execution);

    expect(now.started).toEqual([execution]);
  });

  it('calls an attempt again whose machine has not come to it, before that comes', async () => {
    const ledger = createMemoryLedgerStore();
    const after = (on: 'success' | 'failure') => [{ task: 'clone', on }];
    const sketch = {
      tasks: [
        { id: 'clone', continueOnFailure: true },
        { id: 'mend', dependsOn: after('failure') },
      ],
    };
    const before = await createEngineHarness(sketch, { ledger });
    const execution = await before.begin();
    await before.dispatch(execution, 'clone');
    await before.engine.answers.fail(before.handle(execution, 'clone'), { name: 'Broken', message: '' });
    await before.quiet();
    const now = await createEngineHarness(sketch, { ledger, engineId: 'engine-2' });

    await now.engine.resume(execution);

    expect(before.calls.map(({ path }) => path)).toEqual(['clone', 'mend']);
    expect(now.calls.map(({ path, attempt }) => [path, attempt])).toEqual([['mend', 1]]);
  });

  it('refuses an execution that has ended, and one that nobody knows', async () => {
    const harness = await createEngineHarness({ tasks: [] });
    const execution = await harness.begin();
    await harness.engine.conclude(execution, 'end');

    const ended = harness.engine.resume(execution);
    const unknown = harness.engine.resume(executionId('exec_unknown'));

    await expect(ended).rejects.toMatchObject({ name: 'ConflictError', code: 'execution_ended' });
    await expect(unknown).rejects.toMatchObject({ name: 'NotFoundError', code: 'execution_not_found' });
    expect(harness.started).toEqual([execution]);
  });
});
