import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LocalAgentType } from '../../../core/agents/index.ts';
import { ConflictError, UnavailableError } from '../../../core/errors/index.ts';
import { handle } from '../../../core/ids/index.ts';
import type { Json } from '../../../core/json/index.ts';
import type { AgentCall } from '../../../core/ports/index.ts';
import {
  createWorkerAgentRuntime,
  createWorkerPool,
  type AgentLog,
  type WorkerAgentRuntime,
  type WorkerAgentRuntimeOptions,
} from '../../../local/agents/index.ts';
import { agentCall, openMailbox, type Answer, type Mailbox } from '../../makers/agent-calls.ts';
import { createAlarmClock, type AlarmClock } from '../../makers/alarm-clock.ts';
import { temporaryDirectory } from '../../makers/temporary-directory.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/agents/', import.meta.url));

const typeOf = (module: string): LocalAgentType => ({ name: module, runtime: 'local', capabilities: [], module });

const callOf = (fixture: string, number = 1, input: Json = {}): AgentCall =>
  agentCall(typeOf(`${fixtures}${fixture}.ts`), { handle: handle(`hdl_${number}`), input });

interface Bench {
  readonly runtime: WorkerAgentRuntime;
  readonly mailbox: Mailbox;
  readonly alarms: AlarmClock;
  readonly logs: AgentLog[];
  /** Resolves when a log line with this text has arrived. */
  readonly logged: (text: string) => Promise<void>;
}

function openBench(options: Partial<WorkerAgentRuntimeOptions> = {}, mailbox = openMailbox()): Bench {
  const alarms = createAlarmClock();
  const logs: AgentLog[] = [];
  const listeners = new Set<() => void>();
  const runtime = createWorkerAgentRuntime({
    answers: mailbox,
    clock: alarms.clock,
    schedule: alarms.schedule,
    size: 1,
    onLog: (log) => {
      logs.push(log);
      for (const listener of listeners) listener();
    },
    ...options,
  });
  onTestFinished(() => runtime.close());
  const logged = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => logs.some((log) => log.text === text) && resolve();
      listeners.add(look);
      look();
    });
  return { runtime, mailbox, alarms, logs, logged };
}

async function answerOf(
  call: AgentCall,
  options: Partial<WorkerAgentRuntimeOptions> = {},
): Promise<Answer | undefined> {
  const { runtime, mailbox } = openBench(options);
  await runtime.call(call);
  return (await mailbox.received(1))[0];
}

describe('createWorkerAgentRuntime', () => {
  it.each(['answer', 'throw', 'exit'])(
    'passes on what the agent says it has used, also of a worker that dies: %s',
    async (input) => {
      const { runtime, mailbox, logs } = openBench();

      await runtime.call(callOf('uses', 1, input));
      const [answer] = await mailbox.received(1);

      expect(answer?.usage).toEqual({ usd: 0.3, tokens: 100 });
      expect(logs.map(({ text }) => text)).toContain(
        'Usage was not counted: `tokens` is -1, and not a number from 0 on.',
      );
    },
  );

  it('gives an agent its task and context, and the engine its answer', async () => {
    const call = agentCall(typeOf(`${fixtures}echo.ts`), {
      attempt: 2,
      input: { files: ['a.ts'] },
      index: 1,
      count: 3,
      slot: { pool: 'linters', instance: 0, slot: 2, token: 5 },
    });

    expect(await answerOf(call)).toEqual({
      handle: 'hdl_1',
      output: {
        task: { id: 'lint', path: 'lint', input: { files: ['a.ts'] }, index: 1, count: 3 },
        context: {
          execution: 'exec_1',
          agent: 'linter',
          attempt: 2,
          idempotencyKey: 'exec_1/lint',
          slot: call.slot,
        },
      },
    });
  });

  it('waits for a module that loads slowly', async () => {
    expect(await answerOf(callOf('slow-module-load'))).toMatchObject({ output: 'loaded at last' });
  });

  it('lets agents see the environment of the process', async () => {
    process.env['SKEIN_TEST_VARIABLE'] = 'seen';
    onTestFinished(() => {
      delete process.env['SKEIN_TEST_VARIABLE'];
    });

    expect(await answerOf(callOf('environment'))).toMatchObject({ output: { variable: 'seen' } });
  });

  it('keeps a worker warm for the next call', async () => {
    const { runtime, mailbox } = openBench();

    for (const number of [1, 2, 3]) {
      await runtime.call(callOf('environment', number));
      await mailbox.received(number);
    }

    const outputs = mailbox.answers.map((answer) => answer.output as { pid: number; calls: number });
    expect(outputs.map((output) => output.calls)).toEqual([1, 2, 3]);
    expect(new Set(outputs.map((output) => output.pid)).size).toBe(1);
  });

  it('lets a warm worker take what waits while others start', async () => {
    const { runtime, mailbox } = openBench({ size: 3 });
    await runtime.call(callOf('environment', 1));
    await mailbox.received(1);

    for (const number of [2, 3, 4]) await runtime.call(callOf('environment', number));
    const answers = await mailbox.received(4);

    expect(new Set(answers.map(({ output }) => (output as { pid: number }).pid)).size).toBe(1);
  });

  it('starts another worker only for a call that has waited beside one at work', async () => {
    const { runtime, mailbox, alarms, logged } = openBench({ size: 2 });
    await runtime.call(callOf('ignores-signal', 1));
    await logged('working');

    await runtime.call(callOf('echo', 2));
    const waits = alarms.waits();
    alarms.advanceBy(10);
    const [answer] = await mailbox.received(1);

    expect(waits[0]).toBe(10);
    expect(answer).toMatchObject({ handle: 'hdl_2' });
  });

  it('takes workers that were started ahead, and ends with them', async () => {
    const pool = createWorkerPool({ size: 1 });
    pool.start(1);
    const { runtime, mailbox } = openBench({ pool });

    await runtime.call(callOf('environment', 1));
    const [answer] = await mailbox.received(1);
    await runtime.close();

    expect(answer?.output).toMatchObject({ calls: 1 });
    expect(() => process.kill((answer?.output as { pid: number }).pid, 0)).toThrow('ESRCH');
  });

  it('fails each call for which a worker could not be started', async () => {
    const { runtime, mailbox } = openBench({ size: 2, memoryMb: 1 });

    for (const number of [1, 2, 3]) await runtime.call(callOf('echo', number));
    const answers = await mailbox.received(3);

    const message = expect.stringMatching("^The agent's worker could not start: ") as string;
    expect(answers).toMatchObject([1, 2, 3].map(() => ({ error: { name: 'AgentCrashed', message } })));
  });

  it('makes nothing of a call that is repeated while it lives', async () => {
    const { runtime, mailbox } = openBench({ size: 2 });

    await runtime.call(callOf('waits', 1, 50));
    await runtime.call(callOf('waits', 1, 50));
    await runtime.call(callOf('waits', 2, 100));
    await mailbox.received(2);

    expect(mailbox.answers.map((answer) => answer.handle).sort()).toEqual(['hdl_1', 'hdl_2']);
  });
});

describe('an agent that fails', () => {
  it('is reported by its own name, with its word on retries', async () => {
    expect(await answerOf(callOf('throws-named-error'))).toEqual({
      handle: 'hdl_1',
      error: { name: 'AgentThrottled', message: 'slow down', retryable: true, retryAfter: 7 },
    });
  });

  it.each([
    ['error', { name: 'AgentFailure', message: 'it broke' }],
    ['type_error', { name: 'TypeError', message: 'x is not a function' }],
    ['text', { name: 'AgentFailure', message: 'just text' }],
    ['nothing', { name: 'AgentFailure', message: 'undefined' }],
    ['trap', { name: 'AgentFailure', message: 'The agent threw something that is no Error.' }],
  ])('may throw anything: %s', async (input, error) => {
    expect(await answerOf(callOf('throws', 1, input))).toEqual({ handle: 'hdl_1', error });
  });

  it('keeps the beginning of a huge message', async () => {
    const answer = await answerOf(callOf('throws', 1, 'huge'));

    expect(answer?.error?.message).toHaveLength(4001);
  });

  it('shows the author the place in the code', async () => {
    const { runtime, mailbox, logs } = openBench();

    await runtime.call(callOf('throws', 1, 'error'));
    await mailbox.received(1);

    const printed = logs.map((log) => log.text).join('\n');
    expect(printed).toContain('throws.ts:');
    expect(printed).not.toContain('worker-bootstrap');
  });
});

describe('an answer that is no JSON', () => {
  it.each([
    ['nan', 'The answer is not JSON: `score` is NaN.'],
    ['infinity', 'The answer is not JSON: `0` is Infinity.'],
    ['map', 'The answer is not JSON: `files` is an instance of Map.'],
    ['function', 'The answer is not JSON: `run` is a function.'],
    ['symbol', 'The answer is not JSON: it is a symbol.'],
    ['deep', 'The answer cannot be taken: it is nested deeper than 256 levels.'],
    ['huge', 'The answer has 2000002 bytes of JSON, and 1000000 is the most.'],
    ['bigint', expect.stringContaining('BigInt')],
    ['cycle', expect.stringContaining('circular')],
    ['bottomless', expect.stringContaining('stack')],
  ])('is InvalidOutput: %s', async (input, message: unknown) => {
    const answer = await answerOf(callOf('answers', 1, input), { maxAnswerBytes: 1_000_000 });

    expect(answer?.error).toMatchObject({ name: 'InvalidOutput', message });
  });

  it.each([
    ['nothing', null],
    ['absent_member', { b: 1 }],
    ['date', { at: '1970-01-01T00:00:00.000Z' }],
  ])('is read as JSON where nothing is lost: %s', async (input, output) => {
    expect(await answerOf(callOf('answers', 1, input))).toEqual({ handle: 'hdl_1', output });
  });
});

describe('a module that is no agent', () => {
  it.each([
    ['no-default-export', 'it has no default export, not a function.'],
    ['default-is-no-function', 'its default export is object, not a function.'],
    ['not-there', 'Cannot find module'],
  ])('fails for good: %s', async (fixture, message) => {
    const answer = await answerOf(callOf(fixture));

    expect(answer?.error).toMatchObject({ name: 'AgentUnavailable', retryable: false });
    expect(answer?.error?.message).toContain(message);
  });

  it('fails for good when it does not parse', async () => {
    const module = join(temporaryDirectory(), 'broken.ts');
    writeFileSync(module, 'export default function ( {');

    const answer = await answerOf(agentCall(typeOf(module)));

    expect(answer?.error).toMatchObject({ name: 'AgentUnavailable', retryable: false });
  });

  it('may be tried again, in a new worker, when it threw while loading', async () => {
    const { runtime, mailbox } = openBench();

    await runtime.call(callOf('throws-on-load', 1));
    await runtime.call(callOf('environment', 2));
    const [first, second] = await mailbox.received(2);

    expect(first?.error).toEqual({
      name: 'AgentUnavailable',
      message: `${fixtures}throws-on-load.ts cannot be loaded: no connection`,
    });
    expect(second?.output).toMatchObject({ calls: 1 });
  });
});

describe('a worker that dies', () => {
  it.each([
    ['exits', "The agent's worker died: the worker's process.exit was called, with 3."],
    ['rejects-later', 'uncaught TypeError: nobody awaits this'],
    ['leaks-memory', "The agent's worker died: out of memory: more than 64 MB."],
    ['leaks-arrays', "The agent's worker died: out of memory: more than 64 MB."],
  ])('is reported as AgentCrashed and replaced: %s', async (fixture, message) => {
    const { runtime, mailbox } = openBench({ memoryMb: 64 });

    await runtime.call(callOf(fixture, 1));
    await runtime.call(callOf('echo', 2));
    const [first, second] = await mailbox.received(2);

    expect(first?.error).toEqual({ name: 'AgentCrashed', message });
    expect(second?.output).toBeDefined();
  });

  it('harms none of its neighbours', async () => {
    const { runtime, mailbox } = openBench({ size: 3, memoryMb: 64 });

    await runtime.call(callOf('waits', 1, 1000));
    await runtime.call(callOf('leaks-memory', 2));
    await runtime.call(callOf('exits', 3));
    const answers = await mailbox.received(3);

    expect(answers.find((answer) => answer.handle === 'hdl_1')?.output).toBe(1000);
  });

  it('is not blamed for what an earlier call left behind', async () => {
    const { runtime, mailbox } = openBench();

    await runtime.call(callOf('leaves-a-bomb', 1));
    await runtime.call(callOf('waits', 2, 200));
    await runtime.call(callOf('environment', 3));
    const [, second, third] = await mailbox.received(3);

    expect(second?.output).toBe(200);
    expect(third?.output).toMatchObject({ calls: 1 });
  });
});

describe('cancel', () => {
  it('aborts the signal, and the agent may still answer', async () => {
    const { runtime, mailbox, logged } = openBench();
    await runtime.call(callOf('obeys-signal'));
    await logged('working');

    await runtime.cancel(handle('hdl_1'), 'the execution is stopping');

    expect(await mailbox.received(1)).toEqual([
      { handle: 'hdl_1', error: { name: 'AbortError', message: 'the execution is stopping' } },
    ]);
  });

  it.each(['ignores-signal', 'blocks-forever'])(
    'ends an agent after some patience, unanswered: %s',
    async (fixture) => {
      const { runtime, mailbox, alarms, logged } = openBench({ patienceMs: 5000 });
      await runtime.call(callOf(fixture, 1));
      await logged('working');

      await runtime.cancel(handle('hdl_1'), 'the execution is stopping');
      alarms.advanceBy(5000);
      await runtime.call(callOf('echo', 2));

      expect(await mailbox.received(1)).toMatchObject([{ handle: 'hdl_2' }]);
    },
  );

  it('gives an agent as long as whoever tells it to stop says', async () => {
    const { runtime, mailbox, alarms, logged } = openBench({ patienceMs: 5000 });
    await runtime.call(callOf('blocks-forever', 1));
    await logged('working');

    await runtime.cancel(handle('hdl_1'), 'the execution is stopping', 60_000);
    alarms.advanceBy(59_999);
    const before = runtime.capacity(typeOf('echo'))?.free;
    alarms.advanceBy(1);
    await runtime.call(callOf('echo', 2));

    expect(before).toBe(0);
    expect(await mailbox.received(1)).toMatchObject([{ handle: 'hdl_2' }]);
  });

  it('takes back a call that no worker was free for', async () => {
    const { runtime, mailbox } = openBench();
    await runtime.call(callOf('waits', 1, 50));
    await runtime.call(callOf('echo', 2));

    await runtime.cancel(handle('hdl_2'), 'it is late');
    const answers = await mailbox.received(2);

    expect(answers).toMatchObject([
      {
        handle: 'hdl_2',
        error: { name: 'AgentUnavailable', message: expect.stringContaining('it is late') as string },
      },
      { handle: 'hdl_1', output: 50 },
    ]);
  });

  it('changes nothing for a handle that has been answered', async () => {
    const { runtime, mailbox, alarms } = openBench();
    await runtime.call(callOf('echo', 1));
    await mailbox.received(1);

    await runtime.cancel(handle('hdl_1'), 'too late');

    expect(alarms.waits()).toEqual([]);
  });
});

describe('the deadline of a call', () => {
  it('aborts its signal', async () => {
    const { runtime, mailbox, alarms, logged } = openBench();
    await runtime.call(callOf('obeys-signal'));
    await logged('working');

    alarms.advanceBy(300_000);

    expect(await mailbox.received(1)).toMatchObject([{ error: { message: 'the attempt has reached its deadline' } }]);
  });

  it('frees the worker of an agent that blocks, a second later', async () => {
    const { runtime, mailbox, alarms, logged } = openBench();
    await runtime.call(callOf('blocks-forever', 1));
    await logged('working');

    alarms.advanceBy(300_000);
    expect(alarms.waits()).toEqual([1000]);
    alarms.advanceBy(1000);
    await runtime.call(callOf('echo', 2));

    expect(await mailbox.received(1)).toMatchObject([{ handle: 'hdl_2' }]);
  });
});

describe('capacity', () => {
  it('counts the calls that live, and tells when a place comes free', async () => {
    const rooms: [string, number][] = [];
    const { runtime, mailbox } = openBench({ size: 2, onRoom: (limit, free) => rooms.push([limit, free]) });

    await runtime.call(callOf('waits', 1, 20));
    await runtime.call(callOf('waits', 2, 60));
    expect(runtime.capacity(typeOf('any'))).toEqual({ limit: 'workers', size: 2, free: 0 });
    await mailbox.received(2);

    expect(rooms).toEqual([
      ['workers', 1],
      ['workers', 2],
    ]);
    expect(runtime.capacity(typeOf('any'))?.free).toBe(2);
  });

  it('serves calls beyond it in their order, and tells of no room while one waits', async () => {
    const rooms: number[] = [];
    const { runtime, mailbox } = openBench({ onRoom: (_limit, free) => rooms.push(free) });

    for (const number of [1, 2, 3]) await runtime.call(callOf('waits', number, 10));
    await mailbox.received(3);

    expect(mailbox.answers.map((answer) => answer.handle)).toEqual(['hdl_1', 'hdl_2', 'hdl_3']);
    expect(rooms).toEqual([1]);
  });

  it('is at least four workers', () => {
    const { runtime } = openBench();
    const alarms = createAlarmClock();
    const byDefault = createWorkerAgentRuntime({
      answers: openMailbox(),
      clock: alarms.clock,
      schedule: alarms.schedule,
    });

    expect(byDefault.capacity(typeOf('any'))?.size).toBeGreaterThanOrEqual(4);
    expect(runtime.outlivesEngine(typeOf('any'))).toBe(false);
  });
});

describe('what agents print', () => {
  it('goes to the log with the task that printed it', async () => {
    const { runtime, mailbox, logs } = openBench();

    await runtime.call(callOf('prints'));
    await mailbox.received(1);

    expect(logs).toEqual(
      [
        ['log', 'by log'],
        ['stdout', 'by console'],
        ['stdout', 'in two lines'],
        ['stderr', 'by console.error'],
        ['stdout', 'by stdout'],
      ].map(([source, text]) => ({ execution: 'exec_1', path: 'lint', agent: 'linter', attempt: 1, source, text })),
    );
  });

  it('is cut off in an agent that prints in a loop', async () => {
    const { runtime, mailbox, logs } = openBench();

    await runtime.call(callOf('prints-in-a-loop'));
    await mailbox.received(1);

    expect(logs).toHaveLength(10_000);
    expect(logs.at(-1)?.text).toBe('Further output of this attempt is dropped.');
  });
});

describe('heartbeats', () => {
  it('reach the engine, but not each of a burst', async () => {
    const { runtime, mailbox } = openBench();

    await runtime.call(callOf('beats', 1, 1000));
    await mailbox.received(1);

    expect(mailbox.heartbeats).toEqual(['hdl_1']);
  });
});

describe('answers that the engine refuses', () => {
  it('are normal when they are late', async () => {
    const errors: unknown[] = [];
    const late = () => new ConflictError({ code: 'attempt_not_live', message: 'late' });
    const { runtime, mailbox } = openBench({ onError: (error) => errors.push(error) }, openMailbox(late));

    for (const number of [1, 2]) {
      await runtime.call(callOf('echo', number));
      await mailbox.received(number);
    }

    expect(errors).toEqual([]);
  });

  it('are reported when they could not be recorded', async () => {
    const down = new UnavailableError({ code: 'database_down', message: 'down' });
    const reported = Promise.withResolvers<unknown>();
    const { runtime } = openBench(
      { onError: reported.resolve },
      openMailbox(() => down),
    );

    await runtime.call(callOf('echo'));

    expect(await reported.promise).toBe(down);
  });
});

describe('close', () => {
  it('ends every worker, answers nothing, and refuses further calls', async () => {
    const { runtime, mailbox, logged } = openBench({ size: 2 });
    await runtime.call(callOf('ignores-signal', 1));
    await runtime.call(callOf('blocks-forever', 2));
    await logged('working');

    await runtime.close();

    await expect(runtime.call(callOf('echo', 3))).rejects.toThrow(UnavailableError);
    expect(mailbox.answers).toEqual([]);
  });
});
