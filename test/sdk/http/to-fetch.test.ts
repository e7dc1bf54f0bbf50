import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createHttpAgentRuntime } from '../../../adapters/http/index.ts';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { handle } from '../../../core/ids/index.ts';
import { agent, AgentError } from '../../../sdk/agent/index.ts';
import { toFetch, type FetchAgentOptions } from '../../../sdk/http/index.ts';
import uses from '../../fixtures/agents/uses.ts';
import { agentCall, openMailbox } from '../../makers/agent-calls.ts';
import { agentWorld, settled, type Sent } from '../../makers/agent-world.ts';
import { callbackAt, httpCall, post } from '../../makers/http-calls.ts';

const counter = agent({
  input: z.object({ text: z.string() }),
  output: z.object({ words: z.int() }),
  handler: ({ text }) => ({ words: text.split(/\s+/).length }),
});

/** An agent that works until it is told to go on. */
function patient() {
  const step = Promise.withResolvers<undefined>();
  const calls: string[] = [];
  const work: AgentFunction = async (task, { signal }) => {
    calls.push(task.path);
    await Promise.race([
      step.promise,
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    ]);
    return 'done';
  };
  return { work, calls, goOn: () => step.resolve(undefined) };
}

const answersOf = (sent: readonly Sent[]) =>
  sent.map(({ url, body }) => [url.split('/').at(-1), JSON.parse(body) as unknown]);

describe('toFetch', () => {
  it('accepts a call, and answers it by its callback', async () => {
    const world = agentWorld();
    const fetchAgent = toFetch(counter, { world });

    const response = await fetchAgent(post(httpCall()));
    await fetchAgent.settled();

    expect(response.status).toBe(202);
    expect(world.sent).toEqual([{ url: callbackAt('http://engine.test').complete, body: '{"output":{"words":2}}' }]);
  });

  it('tells the handler of an agent which slot it has', async () => {
    const world = agentWorld();
    const slot = { pool: 'counters', instance: 1, slot: 3, token: 7 };
    const curious = agent({
      input: z.unknown(),
      output: z.json(),
      handler: (_input, context) => ({ ...context.slot }),
    });
    const fetchAgent = toFetch(curious, { world });

    await fetchAgent(post(httpCall({ slot })));
    await fetchAgent.settled();

    expect(answersOf(world.sent)).toEqual([['complete', { output: slot }]]);
  });

  it('reports a failure under its name', async () => {
    const world = agentWorld();
    const busy: AgentFunction = () => {
      throw new AgentError('ModelBusy', 'Too many calls.', { retryable: true, retryAfter: 30 });
    };
    const fetchAgent = toFetch(busy, { world });

    await fetchAgent(post(httpCall()));
    await fetchAgent.settled();

    const error = { name: 'ModelBusy', message: 'Too many calls.', retryable: true, retry_after: 30 };
    expect(answersOf(world.sent)).toEqual([['fail', { error }]]);
    expect(world.lines).toHaveLength(1);
  });

  it('says what was used beside the answer, or the failure', async () => {
    const world = agentWorld();
    const fetchAgent = toFetch(uses, { world });

    await fetchAgent(post(httpCall({ input: 'answer' })));
    await fetchAgent.settled();
    await fetchAgent(post(httpCall({ input: 'throw', handle: 'hdl_other' })));
    await fetchAgent.settled();

    const usage = { usd: 0.3, tokens: 100 };
    expect(answersOf(world.sent)).toEqual([
      ['complete', { output: 'done', usage }],
      ['fail', { error: { name: 'ToolBroken', message: 'no' }, usage }],
    ]);
  });

  it('fails for good on an input that does not fit', async () => {
    const world = agentWorld();
    const fetchAgent = toFetch(counter, { world });

    await fetchAgent(post(httpCall({ input: {} })));
    await fetchAgent.settled();

    expect(answersOf(world.sent)).toMatchObject([['fail', { error: { name: 'InvalidInput', retryable: false } }]]);
  });

  it('works once for a call that comes twice, and answers where the engine listens now', async () => {
    const world = agentWorld();
    const { work, calls, goOn } = patient();
    const fetchAgent = toFetch(work, { world });

    await fetchAgent(post(httpCall()));
    const again = await fetchAgent(post(httpCall({ callback: callbackAt('http://engine.test:2') })));
    goOn();
    await fetchAgent.settled();
    const late = await fetchAgent(post(httpCall()));
    await fetchAgent.settled();

    expect([again.status, late.status]).toEqual([202, 202]);
    expect(calls).toEqual(['count']);
    expect(world.sent.map(({ url }) => url)).toEqual([callbackAt('http://engine.test:2').complete]);
  });

  it('works again for a call whose answer nobody has', async () => {
    const world = agentWorld(async () => new Response('no', { status: 403 }));
    const { work, calls, goOn } = patient();
    const fetchAgent = toFetch(work, { world });
    goOn();

    await fetchAgent(post(httpCall()));
    await fetchAgent.settled();
    await fetchAgent(post(httpCall()));
    await fetchAgent.settled();

    expect(calls).toEqual(['count', 'count']);
    expect(world.lines[0]).toContain('The answer could not be delivered: 403 no');
  });

  it('delivers its answer again until the engine has it', async () => {
    const replies = [
      () => Promise.reject(new TypeError('fetch failed')),
      async () => new Response(null, { status: 503, headers: { 'retry-after': '7' } }),
      async () => new Response(null, { status: 202 }),
    ];
    const world = agentWorld(() => replies.shift()!());
    const fetchAgent = toFetch(counter, { world });
    await fetchAgent(post(httpCall()));

    await world.advance(500);
    expect(world.sent).toHaveLength(2);
    await world.advance(6_999);
    expect(world.sent).toHaveLength(2);
    await world.advance(1);

    await fetchAgent.settled();
    expect(world.sent).toHaveLength(3);
    expect(world.lines).toEqual([]);
  });

  it('gives an answer up when the attempt is over', async () => {
    const world = agentWorld(async () => new Response(null, { status: 503 }));
    const fetchAgent = toFetch(counter, { world });
    await fetchAgent(post(httpCall({ deadline: '2026-11-21T00:00:02.000Z' })));

    await world.advance(10_000);

    await fetchAgent.settled();
    expect(world.sent).toHaveLength(3);
    expect(world.lines[0]).toContain('The answer could not be delivered: 503');
  });

  it.each([400, 413, 422])('says so when the engine refuses the answer with %i', async (status) => {
    const world = agentWorld(
      async ({ url }) => new Response('too deep', { status: url.endsWith('complete') ? status : 202 }),
    );
    const fetchAgent = toFetch(counter, { world });

    await fetchAgent(post(httpCall()));
    await fetchAgent.settled();

    const error = {
      name: 'InvalidOutput',
      message: `The engine refused the answer: ${status} too deep`,
      retryable: false,
    };
    expect(answersOf(world.sent).at(-1)).toEqual(['fail', { error }]);
  });

  it("aborts its agent at the attempt's deadline", async () => {
    const world = agentWorld();
    const { work } = patient();
    const fetchAgent = toFetch(work, { world });
    await fetchAgent(post(httpCall({ deadline: '2026-11-21T00:00:30.000Z' })));

    await world.advance(29_999);
    expect(world.sent).toEqual([]);
    await world.advance(1);

    expect(answersOf(world.sent)).toMatchObject([['fail', { error: { name: 'AttemptTimeout' } }]]);
  });

  it('waits for deadlines that no timer can hold', async () => {
    const world = agentWorld();
    const { work } = patient();
    const fetchAgent = toFetch(work, { world });
    await fetchAgent(post(httpCall({ deadline: '2027-11-21T00:00:00.000Z' })));

    await world.advance(300 * 86_400_000);
    expect(world.sent).toEqual([]);
    await world.advance(65 * 86_400_000);

    expect(answersOf(world.sent)).toMatchObject([['fail', { error: { name: 'AttemptTimeout' } }]]);
  });

  it('aborts its agent when a heartbeat learns that the attempt is over', async () => {
    const world = agentWorld(async () => Response.json({ code: 'attempt_not_live' }, { status: 409 }));
    const why: unknown[] = [];
    const beating: AgentFunction = (_task, context) => {
      context.heartbeat();
      return new Promise((_resolve, reject) => {
        context.signal.addEventListener('abort', () => {
          why.push((context.signal.reason as Error).message);
          reject(context.signal.reason as Error);
        });
      });
    };
    const fetchAgent = toFetch(beating, { world });

    await fetchAgent(post(httpCall()));
    await fetchAgent.settled();

    expect(why).toEqual(['The engine does not wait for this attempt any more.']);
  });

  it('has no more calls at once than it was allowed', async () => {
    const world = agentWorld();
    const { work, goOn } = patient();
    const fetchAgent = toFetch(work, { world, maxCalls: 1 });
    await fetchAgent(post(httpCall()));

    const refused = await fetchAgent(post(httpCall({ handle: 'hdl_2' })));
    goOn();
    await fetchAgent.settled();
    const accepted = await fetchAgent(post(httpCall({ handle: 'hdl_2' })));

    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
    expect(accepted.status).toBe(202);
    await fetchAgent.settled();
  });

  it('stops what is under way, to be tried again elsewhere', async () => {
    const world = agentWorld();
    const { work } = patient();
    const fetchAgent = toFetch(work, { world });
    await fetchAgent(post(httpCall()));

    fetchAgent.stop('The server is being stopped.');
    await fetchAgent.settled();

    const error = { name: 'AgentUnavailable', message: 'The server is being stopped.' };
    expect(answersOf(world.sent)).toEqual([['fail', { error }]]);
  });

  it.each<[string, Request, number]>([
    ['what is no JSON', post('hello'), 400],
    ['what is no call', post({ handle: 'hdl_1' }), 400],
    ['a call without a callback', post(httpCall({ callback: undefined })), 400],
    ['another method', new Request('http://agent.test/', { method: 'PUT' }), 405],
  ])('refuses %s', async (_what, request, status) => {
    const world = agentWorld();

    const response = await toFetch(counter, { world })(request);

    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    await settled();
    expect(world.sent).toEqual([]);
  });

  it.each<[Record<string, string>, number]>([
    [{}, 401],
    [{ authorization: 'Bearer other' }, 401],
    [{ authorization: 'Bearer secret' }, 202],
  ])('answers %j with %i when it asks for authorization', async (headers, status) => {
    const fetchAgent = toFetch(counter, { world: agentWorld(), authorization: 'Bearer secret' });

    expect((await fetchAgent(post(httpCall(), headers))).status).toBe(status);
    await fetchAgent.settled();
  });

  it('says by GET that it is there', async () => {
    const response = await toFetch(counter)(new Request('http://agent.test/health'));

    expect(await response.json()).toEqual({ status: 'ok', calls: 0 });
  });
});

describe('an agent behind toFetch', () => {
  /** The engine's own runtime on one side, the agent on the other, and between them nothing but requests. */
  function openPair(agentFunction: AgentFunction, options: FetchAgentOptions = {}) {
    const mailbox = openMailbox();
    const world = agentWorld(async ({ url, body }) => {
      const answer = JSON.parse(body || 'null') as { output?: never; error?: never };
      const to = handle(url.split('/').at(-2)!);
      if (url.endsWith('complete')) await mailbox.complete(to, answer.output!);
      if (url.endsWith('fail')) await mailbox.fail(to, answer.error!);
      return new Response(null, { status: 202 });
    });
    const fetchAgent = toFetch(agentFunction, { world, ...options });
    const runtime = createHttpAgentRuntime({
      answers: mailbox,
      fetch: (url, init) => fetchAgent(new Request(url, init)),
      callbackUrl: async () => 'http://engine.test',
    });
    return { mailbox, runtime, fetchAgent };
  }
  const type = {
    name: 'counter',
    runtime: 'http',
    capabilities: [],
    url: 'http://agent.test/',
    auth: 'Bearer key',
  } as const;

  it("answers the engine's runtime", async () => {
    const { mailbox, runtime, fetchAgent } = openPair(counter, { authorization: 'Bearer key' });

    await runtime.call(agentCall(type, { input: { text: 'to be or not' } }));
    await fetchAgent.settled();

    expect(mailbox.answers).toEqual([{ handle: 'hdl_1', output: { words: 4 } }]);
  });

  it.each<[string, FetchAgentOptions, object]>([
    ['without the right key', { authorization: 'Bearer other' }, { name: 'PermissionDenied', retryable: false }],
    ['beyond its room', { maxCalls: 0 }, { name: 'AgentThrottled', retryAfter: 5 }],
  ])('refuses a call %s as the runtime understands it', async (_when, options, error) => {
    const { mailbox, runtime } = openPair(counter, options);

    await runtime.call(agentCall(type, { input: { text: 'to be' } }));

    expect(mailbox.answers).toMatchObject([{ handle: 'hdl_1', error }]);
  });
});
