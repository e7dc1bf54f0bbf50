import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  readLambdaAnswer,
  taskErrorOfLambda,
  usageOfLambda,
  type AgentFunction,
  type LambdaFailure,
} from '../../../core/agents/index.ts';
import { agent, AgentError } from '../../../sdk/agent/index.ts';
import { toLambda } from '../../../sdk/lambda/index.ts';
import { invokeLambda, lambdaCall, type InvocationRecord } from '../../../sdk/testing/index.ts';
import uses from '../../fixtures/agents/uses.ts';
import { agentWorld, settled } from '../../makers/agent-world.ts';

const counter = agent({
  input: z.object({ text: z.string() }),
  output: z.object({ words: z.int() }),
  handler: ({ text }) => ({ words: text.split(/\s+/).length }),
});

/** What settle makes of a failed invocation's record. */
const errorIn = ({ responsePayload }: InvocationRecord) => taskErrorOfLambda(responsePayload as LambdaFailure);

/** Ends only by its signal, unless it ignores that as well. */
const patient =
  (onAbort: (signal: AbortSignal, reject: (reason: unknown) => void) => void): AgentFunction =>
  (_task, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => onAbort(signal, reject)));

const obedient = patient((signal, reject) => reject(signal.reason));

describe('toLambda', () => {
  it('answers by what it returns', async () => {
    const record = await invokeLambda(toLambda(counter, { world: agentWorld() }), lambdaCall({ text: 'to be' }));

    expect(record).toMatchObject({
      requestContext: { condition: 'Success' },
      requestPayload: { handle: 'hdl_test' },
      responsePayload: { words: 2 },
    });
  });

  it('says what was used to an engine that takes it', async () => {
    const handler = toLambda(uses, { world: agentWorld() });
    const usage = { usd: 0.3, tokens: 100 };

    const answered = await invokeLambda(handler, lambdaCall('answer', { takesUsage: true }));
    const failed = await invokeLambda(handler, lambdaCall('throw', { takesUsage: true }));

    expect(answered.responsePayload).toEqual({ $skein: 1, output: 'done', usage });
    expect(readLambdaAnswer(answered.responsePayload)).toEqual({ output: 'done', usage });
    expect(usageOfLambda(failed.responsePayload as LambdaFailure)).toEqual(usage);
    expect(errorIn(failed)).toEqual({ name: 'ToolBroken', message: 'no' });
  });

  it('says nothing of it to an engine of before, nor where nothing was used', async () => {
    const older = await invokeLambda(toLambda(uses, { world: agentWorld() }), lambdaCall('answer'));
    const unused = await invokeLambda(
      toLambda(counter, { world: agentWorld() }),
      lambdaCall({ text: 'to be' }, { takesUsage: true }),
    );

    expect(older.responsePayload).toBe('done');
    expect(unused.responsePayload).toEqual({ words: 2 });
  });

  it('gives the agent what the engine says about its attempt', async () => {
    const told: unknown[] = [];
    const curious: AgentFunction = (task, { execution, agent: name, attempt, idempotencyKey, slot }) => {
      told.push(task, execution, name, attempt, idempotencyKey, slot);
      return null;
    };
    const slot = { pool: 'scanners', instance: 0, slot: 2, token: 5 };
    const call = lambdaCall(1, { task: { path: 'scan[1]', index: 1, count: 2 }, context: { attempt: 3, slot } });

    await invokeLambda(toLambda(curious, { world: agentWorld() }), call);

    expect(told).toEqual([call.task, 'exec_test', 'agent', 3, 'exec_test/task', slot]);
  });

  it('fails under the name that the agent gave, with what it says about retrying', async () => {
    const world = agentWorld();
    const busy: AgentFunction = () => {
      throw new AgentError('ModelBusy', 'Too many calls.', { retryable: true, retryAfter: 30, details: { code: 429 } });
    };

    const record = await invokeLambda(toLambda(busy, { world }), lambdaCall({}));

    expect(record).toMatchObject({
      requestContext: { condition: 'RetriesExhausted' },
      responsePayload: { errorType: 'ModelBusy' },
    });
    expect(JSON.stringify(record.responsePayload)).toContain('to-lambda.test.ts');
    expect(errorIn(record)).toEqual({
      name: 'ModelBusy',
      message: 'Too many calls.',
      retryable: true,
      retryAfter: 30,
    });
    expect(world.lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'ERROR', name: 'ModelBusy', execution: 'exec_test', task: 'task', attempt: 1, details: { code: 429 } },
    ]);
  });

  it.each<[string, () => never, object]>([
    ['a plain Error', () => raise(new Error('no')), { name: 'AgentFailure', message: 'no' }],
    ['a TypeError', () => raise(new TypeError('no')), { name: 'TypeError', message: 'no' }],
    ['a text', () => raise('no'), { name: 'AgentFailure', message: 'no' }],
    ['nothing', () => raise(undefined), { name: 'AgentFailure', message: 'undefined' }],
  ])('fails when the agent throws %s', async (_what, throwIt, error) => {
    const record = await invokeLambda(toLambda(throwIt, { world: agentWorld() }), lambdaCall({}));

    expect(errorIn(record)).toEqual(error);
  });

  it.each([[undefined], ['hello'], [{ ...lambdaCall({}), v: 2 }], [{ v: 1, task: {} }]])(
    'refuses %j, which the engine did not send',
    async (event) => {
      const record = await invokeLambda(toLambda(counter, { world: agentWorld() }), event);

      expect(errorIn(record)).toMatchObject({ name: 'InvalidInput', retryable: false });
      expect(errorIn(record).message).toMatch(/^The event is no call of an agent: /);
    },
  );

  it.each<[string, unknown]>([
    ['a number that JSON lacks', { share: NaN }],
    ['a map', new Map()],
  ])('refuses %s as an answer', async (_what, answer) => {
    const record = await invokeLambda(
      toLambda(() => answer as never, { world: agentWorld() }),
      lambdaCall({}),
    );

    expect(errorIn(record)).toMatchObject({ name: 'InvalidOutput', retryable: false });
  });

  it('answers null for nothing', async () => {
    const record = await invokeLambda(
      toLambda(() => undefined as never, { world: agentWorld() }),
      lambdaCall({}),
    );

    expect(record).toMatchObject({ requestContext: { condition: 'Success' }, responsePayload: null });
  });

  it('takes middlewares, which see the error as it was thrown', async () => {
    const seen: unknown[] = [];
    const thrown = new AgentError('ModelBusy', 'Too many calls.', { retryable: false });
    const handler = toLambda(() => raise(thrown), { world: agentWorld() }).use({
      onError: ({ error }) => void seen.push(error),
    });

    await invokeLambda(handler, lambdaCall({}));

    expect(seen).toEqual([thrown]);
  });
});

describe('the signal of a Lambda agent', () => {
  it("is aborted at the attempt's deadline", async () => {
    const world = agentWorld();
    const call = lambdaCall({}, { context: { deadline: world.now() + 10_000 } });
    const invoked = invokeLambda(toLambda(obedient, { world }), call);

    await world.advance(9_999);
    expect(world.lines).toEqual([]);
    await world.advance(1);

    expect(errorIn(await invoked)).toEqual({ name: 'AttemptTimeout', message: "The attempt's timeout has passed." });
    expect(world.pending()).toBe(0);
  });

  it('is aborted two seconds before Lambda would kill the function', async () => {
    const world = agentWorld();
    const invoked = invokeLambda(toLambda(obedient, { world }), lambdaCall({}), { remainingMs: 30_000 });

    await world.advance(27_999);
    expect(world.lines).toEqual([]);
    await world.advance(1);

    expect(errorIn(await invoked)).toEqual({
      name: 'AttemptTimeout',
      message: "The function's own timeout is shorter than the work.",
    });
  });

  it('gives up an agent that ignores it, while its error can still get out', async () => {
    const world = agentWorld();
    const deaf = patient(() => undefined);
    const invoked = invokeLambda(toLambda(deaf, { world }), lambdaCall({}), { remainingMs: 30_000 });

    await world.advance(29_499);
    expect(world.lines).toEqual([]);
    await world.advance(1);

    expect(errorIn(await invoked)).toMatchObject({ name: 'AttemptTimeout' });
  });

  it('stands behind what libraries throw when it is aborted', async () => {
    const world = agentWorld();
    const stopped = patient((_signal, reject) => reject(new DOMException('This operation was aborted', 'AbortError')));
    const invoked = invokeLambda(toLambda(stopped, { world }), lambdaCall({}), { remainingMs: 10_000 });

    await world.advance(8_000);

    expect(errorIn(await invoked)).toMatchObject({ name: 'AttemptTimeout' });
  });

  it('lets an agent end by itself in the grace, with an error of its own or an answer', async () => {
    const world = agentWorld();
    const tidy: AgentFunction = (_task, { signal }) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve({ partial: true })));
    const invoked = invokeLambda(toLambda(tidy, { world }), lambdaCall({}), { remainingMs: 10_000 });

    await world.advance(8_000);

    expect(await invoked).toMatchObject({ responsePayload: { partial: true } });
  });
});

describe('the heartbeat of a Lambda agent', () => {
  /** Beats, and goes on when the test says so. */
  function beating() {
    const step = Promise.withResolvers<undefined>();
    const beats: AgentFunction = async (_task, context) => {
      const { signal } = context;
      context.heartbeat();
      await Promise.race([
        step.promise,
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      ]);
      return 'done';
    };
    return { beats, goOn: () => step.resolve(undefined) };
  }

  it("goes to the engine's REST API by the handle", async () => {
    const world = agentWorld();
    const { beats, goOn } = beating();
    const invoked = invokeLambda(toLambda(beats, { apiUrl: 'https://x.example/prod/', world }), lambdaCall({}));
    await settled();
    goOn();

    expect(await invoked).toMatchObject({ responsePayload: 'done' });
    expect(world.sent).toEqual([{ url: 'https://x.example/prod/api/v1/tasks/hdl_test/heartbeat', body: '' }]);
  });

  it('finds the API in the environment, and does without where there is none', async () => {
    const heartbeat: AgentFunction = (_task, context) => {
      context.heartbeat();
      return null;
    };
    const there = { ...agentWorld(), environment: { SKEIN_API_URL: 'https://x.example' } };
    const nowhere = agentWorld();

    await invokeLambda(toLambda(heartbeat, { world: there }), lambdaCall({}));
    await invokeLambda(toLambda(heartbeat, { world: nowhere }), lambdaCall({}));

    expect(there.sent).toHaveLength(1);
    expect(nowhere.sent).toEqual([]);
    expect(nowhere.lines).toEqual([]);
  });

  it('goes out twice a second at most', async () => {
    const world = agentWorld();
    const eager: AgentFunction = async (_task, context) => {
      for (let i = 0; i < 11; i++) {
        context.heartbeat();
        await new Promise<void>((resolve) => void world.after(100, resolve));
      }
      return null;
    };
    const invoked = invokeLambda(toLambda(eager, { apiUrl: 'https://x.example', world }), lambdaCall({}));

    await world.advance(1_100);

    await invoked;
    expect(world.sent).toHaveLength(3);
  });

  it('ends the attempt when the engine does not wait for it any more', async () => {
    const world = agentWorld(async () => Response.json({ code: 'attempt_not_live' }, { status: 409 }));
    const { beats } = beating();

    const record = await invokeLambda(toLambda(beats, { apiUrl: 'https://x.example', world }), lambdaCall({}));

    expect(errorIn(record)).toEqual({
      name: 'AttemptTimeout',
      message: 'The engine does not wait for this attempt any more.',
    });
  });

  it.each<[string, () => Promise<Response>]>([
    ['is refused', async () => new Response('{"message":"Missing Authentication Token"}', { status: 403 })],
    ['meets a wrong URL', async () => new Response('not found', { status: 404 })],
    ['meets nobody', () => Promise.reject(new TypeError('fetch failed'))],
  ])('that %s is said in the log, and the work goes on', async (_what, answer) => {
    const world = agentWorld(answer);
    const { beats, goOn } = beating();
    const invoked = invokeLambda(toLambda(beats, { apiUrl: 'https://x.example', world }), lambdaCall({}));
    await settled();
    goOn();

    expect(await invoked).toMatchObject({ responsePayload: 'done' });
    expect(world.lines).toHaveLength(1);
    expect(world.lines[0]).toMatch(/^\{"level":"WARN","message":"A heartbeat was lost: /);
  });
});

describe('an answer too large for a record', () => {
  const large: AgentFunction = () => 'x'.repeat(300_000);

  it("goes ahead by the engine's REST API", async () => {
    const world = agentWorld();

    const record = await invokeLambda(toLambda(large, { apiUrl: 'https://x.example', world }), lambdaCall({}));

    expect(record).toMatchObject({ requestContext: { condition: 'Success' }, responsePayload: null });
    expect(world.sent.map(({ url, body }) => [url, body.length])).toEqual([
      ['https://x.example/api/v1/tasks/hdl_test/complete', 300_013],
    ]);
  });

  it('fails for good where there is no API', async () => {
    const record = await invokeLambda(toLambda(large, { world: agentWorld() }), lambdaCall({}));

    expect(errorIn(record)).toMatchObject({ name: 'InvalidOutput', retryable: false });
    expect(errorIn(record).message).toContain('SKEIN_API_URL');
  });

  it('is never recorded as null when the engine did not take it', async () => {
    const world = agentWorld(async () => new Response('no', { status: 404 }));

    const record = await invokeLambda(toLambda(large, { apiUrl: 'https://x.example', world }), lambdaCall({}));

    expect(errorIn(record)).toMatchObject({ name: 'AgentUnavailable' });
  });

  it('counts the call as well, which the record repeats', async () => {
    const echo: AgentFunction = ({ input }) => input;
    const handler = toLambda(echo, { world: agentWorld() });

    const small = await invokeLambda(handler, lambdaCall('x'.repeat(100_000)));
    const double = await invokeLambda(handler, lambdaCall('x'.repeat(130_000)));

    expect(small).toMatchObject({ requestContext: { condition: 'Success' } });
    expect(errorIn(double)).toMatchObject({ name: 'InvalidOutput' });
  });
});

function raise(thrown: unknown): never {
  throw thrown;
}
