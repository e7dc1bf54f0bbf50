import { describe, expect, it } from 'vitest';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { AgentError, memoryAnswers, rememberAnswers } from '../../../sdk/agent/index.ts';
import { callAgent, deliverTwice, failureOf, outputOf, startAgent } from '../../../sdk/testing/index.ts';

const untilAborted: AgentFunction = (_task, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('callAgent', () => {
  it('counts signs of life and keeps what was logged', async () => {
    const chatty: AgentFunction = (_task, context) => {
      context.heartbeat();
      context.heartbeat();
      context.log('half way');
      return null;
    };

    const run = await callAgent(chatty, {});

    expect(run).toEqual({ outcome: { output: null }, thrown: undefined, heartbeats: 2, logs: ['half way'] });
  });

  it('gives the output as the ledger would have it', async () => {
    const dated: AgentFunction = () => ({ at: new Date(0), nothing: undefined }) as never;

    expect(outputOf(await callAgent(dated, {}))).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });

  it('finds an answer that is no JSON', async () => {
    const wrong: AgentFunction = () => ({ share: NaN });

    expect(failureOf(await callAgent(wrong, {}), 'InvalidOutput').retryable).toBe(false);
  });

  it("keeps the test's input from what the agent does to it", async () => {
    const input = { files: ['a.ts'] };
    const rude: AgentFunction = (task) => {
      (task.input as { files: string[] }).files.length = 0;
      return null;
    };

    await callAgent(rude, input);

    expect(input).toEqual({ files: ['a.ts'] });
  });
});

describe('startAgent', () => {
  it('aborts an agent on the way', async () => {
    const started = startAgent(untilAborted, {});

    started.abort();

    const run = await started.ended;
    expect(failureOf(run, 'AbortError').message).toBe('the execution is being stopped');
  });

  it('shows signs of life while the agent works', async () => {
    const beating: AgentFunction = (task, context) => {
      context.heartbeat();
      return untilAborted(task, context);
    };

    const started = startAgent(beating, {});

    expect(started.heartbeats).toBe(1);
    started.abort('enough');
    await started.ended;
  });
});

describe('deliverTwice', () => {
  /** An agent with an effect on the world. */
  function payments() {
    const paid: string[] = [];
    const pay: AgentFunction = async (_task, { idempotencyKey }) => {
      await Promise.resolve();
      paid.push(idempotencyKey);
      return { receipt: paid.length };
    };
    return { pay, paid };
  }

  it('shows an effect that is there twice', async () => {
    const { pay, paid } = payments();

    const [first, second] = await deliverTwice(pay, {});

    expect(paid).toEqual(['exec_test/task', 'exec_test/task']);
    expect(outputOf(first)).not.toEqual(outputOf(second));
  });

  it('shows that rememberAnswers makes it one', async () => {
    const { pay, paid } = payments();

    const [first, second] = await deliverTwice(rememberAnswers(pay, memoryAnswers()), {});

    expect(paid).toHaveLength(1);
    expect(outputOf(second)).toEqual(outputOf(first));
  });

  it('shows that rememberAnswers is no lock', async () => {
    const { pay, paid } = payments();

    await deliverTwice(rememberAnswers(pay, memoryAnswers()), {}, { atOnce: true });

    expect(paid).toHaveLength(2);
  });
});

describe('rememberAnswers', () => {
  it('remembers nothing of a failure', async () => {
    let tries = 0;
    const second: AgentFunction = () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    };
    const remembered = rememberAnswers(second, memoryAnswers());

    await callAgent(remembered, {}, { attempt: 1 });
    const run = await callAgent(remembered, {}, { attempt: 2 });

    expect(outputOf(run)).toBe(2);
  });

  it('remembers null, and tells tasks apart', async () => {
    const paths: string[] = [];
    const quiet: AgentFunction = ({ path }) => {
      paths.push(path);
      return null;
    };
    const remembered = rememberAnswers(quiet, memoryAnswers());

    for (const path of ['a', 'b', 'a']) await callAgent(remembered, {}, { path });

    expect(paths).toEqual(['a', 'b']);
  });
});

describe('outputOf and failureOf', () => {
  const fail: AgentFunction = () => {
    throw new AgentError('ModelBusy', 'Too many calls.');
  };

  it('say what happened instead', async () => {
    const failed = await callAgent(fail, {});
    const answered = await callAgent(() => 1, {});

    expect(() => outputOf(failed)).toThrow('The agent failed with ModelBusy: Too many calls.');
    expect(() => failureOf(answered, 'ModelBusy')).toThrow('The agent did not fail with ModelBusy: it answered.');
    expect(() => failureOf(answered)).toThrow('The agent did not fail: it answered.');
    expect(() => failureOf(failed, 'InvalidInput')).toThrow('The agent failed with ModelBusy, not with InvalidInput');
  });

  it("know by the engine's table what is retried", async () => {
    const named = (name: string) => callAgent(() => Promise.reject(new AgentError(name, 'no')), {});

    expect(failureOf(await named('ModelBusy')).retryable).toBe(true);
    expect(failureOf(await named('PermissionDenied')).retryable).toBe(false);
  });
});
