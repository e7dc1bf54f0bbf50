import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { signHandle } from '../../core/agents/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import type { AgentTask } from '../../core/plan/index.ts';
import { createEngineHarness, type HarnessOptions } from '../makers/engine-harness.ts';

const patient = { maxAttempts: 3, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;

async function running(task: Partial<AgentTask> = {}, options: HarnessOptions = {}) {
  const harness = await createEngineHarness({ tasks: [{ id: 'lint', retry: patient, ...task }] }, options);
  const execution = await harness.begin();
  await harness.dispatch(execution, 'lint');
  return { harness, execution, live: harness.handle(execution, 'lint') };
}

describe('answers.complete', () => {
  const needsFindings = { type: 'object', required: ['findings'] };

  it.each([
    ['the agent type', {}, { schemas: { output: needsFindings } }],
    ['the task', { output: needsFindings }, {}],
  ])('fails the task at once when the answer breaks the schema of %s', async (_whose, task, options) => {
    const { harness, live, execution } = await running(task, options);

    await harness.engine.answers.complete(live, { found: [] });
    await harness.quiet();

    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'failed',
      attempts: 1,
      error: {
        name: 'InvalidOutput',
        message: "The answer breaks its schema: the value must have required property 'findings'",
      },
    });
  });

  it('is taken though what follows fails: that is for whoever runs the engine, not for the agent', async () => {
    const ledger = createMemoryLedgerStore();
    const listWatches = () => Promise.reject(new Error('the disk is gone'));
    const { harness, live, execution } = await running({}, { ledger: { ...ledger, listWatches } });

    await harness.engine.answers.complete(live, {});
    await harness.quiet();

    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'succeeded' });
    expect(harness.errors).toEqual([new Error('the disk is gone')]);
  });
});

describe('answers.fail', () => {
  it('fails the task at once when the agent says that another try is no use', async () => {
    const { harness, live, execution } = await running();

    await harness.engine.answers.fail(live, { name: 'NoSuchRepository', message: 'gone', retryable: false });
    await harness.quiet();

    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'failed', attempts: 1 });
  });

  it('waits as long as the agent asks for', async () => {
    const { harness, live, execution } = await running();

    await harness.engine.answers.fail(live, { name: 'AgentThrottled', message: 'slow down', retryAfter: 90 });

    const at = harness.clock.now() + 90_000;
    expect(await harness.task(execution, 'lint')).toMatchObject({ cause: { kind: 'retry', attempt: 2, at } });
  });
});

describe('answers.heartbeat', () => {
  it('is taken from a task of which nobody asks for signs of life, and writes nothing', async () => {
    const { harness, live, execution } = await running();
    const before = await harness.task(execution, 'lint');

    await harness.engine.answers.heartbeat(live);

    expect(await harness.task(execution, 'lint')).toEqual(before);
  });

  it('is refused from an attempt that has ended, so that its agent stops', async () => {
    const { harness, live } = await running({ heartbeat: 10 });
    await harness.engine.answers.fail(live, { name: 'Broken', message: '' });

    await expect(harness.engine.answers.heartbeat(live)).rejects.toMatchObject({ code: 'attempt_not_live' });
  });
});

describe('answers by a handle', () => {
  it('of another tenant are refused, although the same secret has signed it', async () => {
    const { harness, execution } = await running();
    const foreign = signHandle('secret', { tenant: 'another', execution, path: taskPath('lint'), attempt: 1 });

    await expect(harness.engine.answers.complete(foreign, {})).rejects.toMatchObject({ code: 'handle_unknown' });
    await expect(harness.engine.answers.heartbeat(foreign)).rejects.toMatchObject({ code: 'handle_unknown' });
  });
});
