import { describe, expect, it } from 'vitest';
import type { AgentFunction, LocalAgentType } from '../../../core/agents/index.ts';
import { UnavailableError } from '../../../core/errors/index.ts';
import { handle } from '../../../core/ids/index.ts';
import { createInProcessAgentRuntime, type AgentLog } from '../../../local/agents/index.ts';
import answers from '../../fixtures/agents/answers.ts';
import throws from '../../fixtures/agents/throws.ts';
import uses from '../../fixtures/agents/uses.ts';
import { agentCall, openMailbox } from '../../makers/agent-calls.ts';

const lint: LocalAgentType = { name: 'lint_agent', runtime: 'local', capabilities: [], module: '/agents/lint.ts' };

function openBench(agent: AgentFunction) {
  const mailbox = openMailbox();
  const logs: AgentLog[] = [];
  const runtime = createInProcessAgentRuntime({
    answers: mailbox,
    functions: new Map([[lint.module, agent]]),
    onLog: (log) => logs.push(log),
  });
  return { mailbox, runtime, logs };
}

describe('createInProcessAgentRuntime', () => {
  it('runs the function that stands for the module, after it has accepted the call', async () => {
    const { runtime, mailbox } = openBench((task, context) => ({ ...task, key: context.idempotencyKey }));

    await runtime.call(agentCall(lint, { input: { files: 2 } }));

    expect(mailbox.answers).toEqual([]);
    expect(await mailbox.received(1)).toEqual([
      {
        handle: 'hdl_1',
        output: { id: 'lint', path: 'lint', input: { files: 2 }, index: 0, count: 1, key: 'exec_1/lint' },
      },
    ]);
  });

  it('reports what is thrown, and answers that are no JSON, as a worker would', async () => {
    const agents: AgentFunction[] = [
      () => {
        throw Object.assign(new Error('slow down'), { name: 'AgentThrottled', retryAfter: 7 });
      },
      () => Promise.reject(new Error('it broke')),
      () => NaN,
    ];

    const errors = await Promise.all(
      agents.map(async (agent) => {
        const { runtime, mailbox } = openBench(agent);
        await runtime.call(agentCall(lint));
        return (await mailbox.received(1))[0]?.error;
      }),
    );

    expect(errors).toEqual([
      { name: 'AgentThrottled', message: 'slow down', retryAfter: 7 },
      { name: 'AgentFailure', message: 'it broke' },
      { name: 'InvalidOutput', message: 'The answer is not JSON: it is NaN.', retryable: false },
    ]);
  });

  it('passes on what the agent says it has used, whether it answers or fails', async () => {
    const ends = ['answer', 'throw'].map(async (input) => {
      const { runtime, mailbox, logs } = openBench(uses);
      await runtime.call(agentCall(lint, { input }));
      const [answer] = await mailbox.received(1);
      return { usage: answer?.usage, logs: logs.map(({ text }) => text) };
    });

    const said = ['Usage was not counted: `tokens` is -1, and not a number from 0 on.'];
    const usage = { usd: 0.3, tokens: 100 };
    expect(await Promise.all(ends)).toEqual([
      { usage, logs: said },
      { usage, logs: said },
    ]);
  });

  // What a worker says of the same fixtures stands in worker-agent-runtime.test.ts.
  it.each([
    ['infinity', 'The answer is not JSON: `0` is Infinity.'],
    ['map', 'The answer is not JSON: `files` is an instance of Map.'],
    ['function', 'The answer is not JSON: `run` is a function.'],
    ['symbol', 'The answer is not JSON: it is a symbol.'],
    ['deep', 'The answer cannot be taken: it is nested deeper than 256 levels.'],
    ['bigint', expect.stringContaining('BigInt')],
    ['cycle', expect.stringContaining('circular')],
    ['bottomless', expect.stringContaining('stack')],
  ])('reads an answer that is no JSON as a worker does: %s', async (input, message: unknown) => {
    // A casting boundary: its answers are none that its type allows.
    const { runtime, mailbox } = openBench(answers as AgentFunction);

    await runtime.call(agentCall(lint, { input }));

    expect((await mailbox.received(1))[0]?.error).toMatchObject({ name: 'InvalidOutput', message });
  });

  it.each([
    ['type_error', { name: 'TypeError', message: 'x is not a function' }],
    ['text', { name: 'AgentFailure', message: 'just text' }],
    ['nothing', { name: 'AgentFailure', message: 'undefined' }],
    ['trap', { name: 'AgentFailure', message: 'The agent threw something that is no Error.' }],
    ['huge', { name: 'AgentFailure', message: `${'x'.repeat(4_000)}…` }],
  ])('reads what was thrown as a worker does: %s', async (input, error) => {
    const { runtime, mailbox } = openBench(throws);

    await runtime.call(agentCall(lint, { input }));

    expect((await mailbox.received(1))[0]?.error).toEqual(error);
  });

  it('shares nothing with the agent: neither its input nor its answer', async () => {
    const answer = { kept: 'by the agent' };
    const input = { files: ['a.ts'] };
    const { runtime, mailbox } = openBench((task) => {
      (task.input as typeof input).files.push('b.ts');
      return answer;
    });

    await runtime.call(agentCall(lint, { input }));
    const [received] = await mailbox.received(1);
    answer.kept = 'changed';

    expect(input.files).toEqual(['a.ts']);
    expect(received?.output).toEqual({ kept: 'by the agent' });
  });

  it('aborts the signal of the call that is cancelled, and of no other', async () => {
    const { runtime, mailbox } = openBench(
      (_task, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    );
    await runtime.call(agentCall(lint, { handle: handle('hdl_1') }));
    await runtime.call(agentCall(lint, { handle: handle('hdl_2') }));
    await Promise.resolve();

    await runtime.cancel(handle('hdl_2'), 'stop');
    await runtime.cancel(handle('hdl_3'), 'nobody knows it');

    expect(await mailbox.received(1)).toEqual([{ handle: 'hdl_2', error: { name: 'AbortError', message: 'stop' } }]);
  });

  it('makes nothing of a call that is repeated while it lives', async () => {
    let calls = 0;
    const { runtime, mailbox } = openBench(() => (calls += 1));

    await runtime.call(agentCall(lint));
    await runtime.call(agentCall(lint));
    await mailbox.received(1);

    expect(calls).toBe(1);
  });

  it('passes on signs of life and log lines', async () => {
    const { runtime, mailbox, logs } = openBench((_task, context) => {
      context.heartbeat();
      context.log('half way');
      return null;
    });

    await runtime.call(agentCall(lint));
    await mailbox.received(1);

    expect(mailbox.heartbeats).toEqual(['hdl_1']);
    expect(logs).toEqual([
      { execution: 'exec_1', path: 'lint', agent: 'linter', attempt: 1, source: 'log', text: 'half way' },
    ]);
  });

  it('refuses an agent that nobody gave it', async () => {
    const { runtime } = openBench(() => null);

    await expect(runtime.call(agentCall({ ...lint, module: '/agents/other.ts' }))).rejects.toThrow(UnavailableError);
  });

  it('has no limit of its own, and its calls die with the engine', () => {
    const { runtime } = openBench(() => null);

    expect(runtime.capacity(lint)).toBeUndefined();
    expect(runtime.outlivesEngine(lint)).toBe(false);
  });
});
