import { describe, expect, it } from 'vitest';
import { createHandleRoutes, type HandleRoutesOptions } from '../../api/index.ts';
import { MAX_ANSWER_BYTES } from '../../core/agents/index.ts';
import { ConflictError, InvariantError, NotFoundError, UnavailableError } from '../../core/errors/index.ts';
import type { NewBusEvent } from '../../core/execution/index.ts';
import { checkpointId } from '../../core/ids/index.ts';
import { openMailbox, type Answer } from '../makers/agent-calls.ts';

const secret = 'a secret that only the owner has';

function openBench(options: Partial<HandleRoutesOptions> & { readonly refuse?: (answer: Answer) => Error } = {}) {
  const mailbox = openMailbox(options.refuse);
  const cancelled: string[] = [];
  const published: NewBusEvent[] = [];
  const asked: unknown[] = [];
  const errors: unknown[] = [];
  const app = createHandleRoutes({
    answers: mailbox,
    control: {
      secret,
      cancel: async (execution, by) => void cancelled.push(`${execution} by ${by}`),
      publish: async (event) => void published.push(event),
      pause: async (execution, request) => {
        asked.push({ pause: execution, ...request });
        return { checkpointId: checkpointId('chk_1') };
      },
      unpause: async (execution, by) => void asked.push({ unpause: execution, by }),
      intervene: async ({ execution, path }, { action, by, request, ...more }) => {
        asked.push({ intervene: `${execution}/${path}`, action, by, ...more });
        return { execution, path, action, by, request, at: 7 };
      },
      resetBreaker: async (agent, by) => void asked.push({ resetBreaker: agent, by }),
      clearCache: async (clearing) => asked.push({ clear: { ...clearing } }),
      changeInstance: async (change) => void asked.push({ ...change }),
      redriveIncident: async (id, by) => void asked.push({ redrive: id, by }),
      closeIncident: async (id, request) => void asked.push({ close: id, ...request }),
      decide: async (approval, decision) => void asked.push({ decide: approval, ...decision }),
    },
    onError: (error) => errors.push(error),
    ...options,
  });
  const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'POST',
      headers,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return { mailbox, cancelled, published, asked, errors, post };
}

describe('POST /api/v1/tasks/:handle/complete', () => {
  it.each([[{ findings: 3 }], [null], [0], ['text'], [[1, 2]], [false]])(
    'gives the engine the output: %j',
    async (output) => {
      const { post, mailbox } = openBench();

      const response = await post('/api/v1/tasks/hdl_abc.def/complete', { output });

      expect(response.status).toBe(202);
      expect(mailbox.answers).toEqual([{ handle: 'hdl_abc.def', output }]);
    },
  );

  it('gives the engine what was used, with the answer or the failure', async () => {
    const { post, mailbox } = openBench();
    const usage = { usd: 0.02, tokens: 1_200 };
    const error = { name: 'Broken', message: 'no' };

    await post('/api/v1/tasks/hdl_1/complete', { output: 1, usage });
    await post('/api/v1/tasks/hdl_2/fail', { error, usage });

    expect(mailbox.answers).toEqual([
      { handle: 'hdl_1', output: 1, usage },
      { handle: 'hdl_2', error, usage },
    ]);
  });

  it('refuses an output that is nested too deeply', async () => {
    const { post, mailbox } = openBench();

    const response = await post(
      '/api/v1/tasks/hdl_1/complete',
      `{"output":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    );

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'answer_refused' });
    expect(mailbox.answers).toEqual([]);
  });
});

describe('POST /api/v1/tasks/:handle/fail', () => {
  it('gives the engine the error, with its word on retries', async () => {
    const { post, mailbox } = openBench();
    const error = { name: 'AgentThrottled', message: 'slow down', retryable: true, retry_after: 7 };

    const response = await post('/api/v1/tasks/hdl_1/fail', { error });

    expect(response.status).toBe(202);
    expect(mailbox.answers).toEqual([
      { handle: 'hdl_1', error: { name: 'AgentThrottled', message: 'slow down', retryable: true, retryAfter: 7 } },
    ]);
  });

  it('cuts a message rather than lose the failure', async () => {
    const { post, mailbox } = openBench();

    await post('/api/v1/tasks/hdl_1/fail', { error: { name: 'ToolBroken', message: 'x'.repeat(100_000) } });

    expect(mailbox.answers[0]?.error?.message).toHaveLength(4001);
  });
});

describe('POST /api/v1/tasks/:handle/heartbeat', () => {
  it('needs no body', async () => {
    const { post, mailbox } = openBench();

    const response = await post('/api/v1/tasks/hdl_1/heartbeat');

    expect(response.status).toBe(204);
    expect(mailbox.heartbeats).toEqual(['hdl_1']);
  });
});

describe('createHandleRoutes', () => {
  it.each([
    ['complete', 'not json', 'body_not_json', undefined],
    ['complete', '', 'body_invalid', '/output'],
    ['complete', {}, 'body_invalid', '/output'],
    ['complete', { output: 1, ouput: 2 }, 'body_invalid', ''],
    ['complete', [1], 'body_invalid', ''],
    ['complete', { output: 1, usage: { usd: -1 } }, 'body_invalid', '/usage/usd'],
    ['complete', { output: 1, usage: { tokens: 1.5 } }, 'body_invalid', '/usage/tokens'],
    ['complete', { output: 1, usage: { dollars: 1 } }, 'body_invalid', '/usage'],
    ['fail', { error: { name: 'A', message: '' }, usage: 3 }, 'body_invalid', '/usage'],
    ['fail', { error: 'it broke' }, 'body_invalid', '/error'],
    ['fail', { error: { message: 'it broke' } }, 'body_invalid', '/error/name'],
    ['fail', { error: { name: '', message: '' } }, 'body_invalid', '/error/name'],
    ['fail', { error: { name: 'x', message: '', retry_after: -1 } }, 'body_invalid', '/error/retry_after'],
    ['fail', { error: { name: 'x', message: '', retryAfter: 1 } }, 'body_invalid', '/error'],
  ])('answers 400 to %s with the body %j', async (verb, body, code, pointer) => {
    const { post, mailbox } = openBench();

    const response = await post(`/api/v1/tasks/hdl_1/${verb}`, body);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      code,
      ...(pointer !== undefined && { errors: [{ pointer, detail: expect.any(String) as string }] }),
    });
    expect(mailbox.answers).toEqual([]);
  });

  it.each([
    [404, new NotFoundError({ code: 'handle_unknown', message: 'This handle belongs to no attempt.' })],
    [
      409,
      new ConflictError({ code: 'attempt_not_live', message: 'It has been settled already.', hint: 'Nothing to do.' }),
    ],
    [503, new UnavailableError({ code: 'database_busy', message: 'Try again.' })],
  ])('answers %i with what the engine says', async (status, error) => {
    const { post, errors } = openBench({ refuse: () => error });

    const response = await post('/api/v1/tasks/hdl_1/complete', { output: 1 });

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      status,
      code: error.code,
      detail: error.message,
      ...(error.hint !== undefined && { hint: error.hint }),
    });
    expect(errors).toEqual([]);
  });

  it.each([new InvariantError({ code: 'no_progress', message: 'inner workings' }), new Error('inner workings')])(
    'keeps its own errors to the log: %s',
    async (error) => {
      const { post, errors } = openBench({ refuse: () => error });

      const response = await post('/api/v1/tasks/hdl_1/complete', { output: 1 });

      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('inner workings');
      expect(errors).toEqual([error]);
    },
  );

  it('answers 413 to a body that is too large', async () => {
    const { post, mailbox } = openBench();

    const response = await post('/api/v1/tasks/hdl_1/complete', { output: 'x'.repeat(MAX_ANSWER_BYTES + 2_000) });

    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'body_too_large' });
    expect(mailbox.answers).toEqual([]);
  });

  it('answers 404 to a route that it does not have', async () => {
    const { post } = openBench();

    const response = await post('/api/v1/tasks/hdl_1/explode');

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'no_such_route' });
  });
});

describe('POST /control/executions/:id/cancel', () => {
  const path = '/control/executions/exec_1/cancel';

  it('cancels for those who know the secret', async () => {
    const { post, cancelled } = openBench();

    const response = await post(path, { by: 'ann' }, { authorization: `Bearer ${secret}` });

    expect(response.status).toBe(202);
    expect(cancelled).toEqual(['exec_1 by ann']);
  });

  it.each([
    ['no secret', {}],
    ['another secret', { authorization: 'Bearer guess' }],
    ['the beginning of the secret', { authorization: `Bearer ${secret.slice(0, -1)}` }],
    ['another scheme', { authorization: `Basic ${secret}` }],
  ])('answers 401 to %s', async (_what, headers) => {
    const { post, cancelled } = openBench();

    const response = await post(path, { by: 'ann' }, headers);

    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ code: 'secret_required' });
    expect(cancelled).toEqual([]);
  });

  it('says who cancels, or cancels nothing', async () => {
    const { post, cancelled } = openBench();

    const response = await post(path, {}, { authorization: `Bearer ${secret}` });

    expect(response.status).toBe(400);
    expect(cancelled).toEqual([]);
  });

  it('answers 409 when the execution has ended', async () => {
    const ended = new ConflictError({ code: 'execution_ended', message: 'It has already ended.' });
    const refuse = () => Promise.reject(ended);
    const refusing = {
      secret,
      cancel: refuse,
      publish: refuse,
      pause: refuse,
      unpause: refuse,
      decide: refuse,
      intervene: refuse,
      resetBreaker: refuse,
      clearCache: refuse,
      changeInstance: refuse,
      redriveIncident: refuse,
      closeIncident: refuse,
    };
    const { post } = openBench({ control: refusing });

    const response = await post(path, { by: 'ann' }, { authorization: `Bearer ${secret}` });

    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'execution_ended' });
  });
});

describe('POST /control/…', () => {
  const authorization = `Bearer ${secret}`;

  it.each<[string, object, object, number]>([
    [
      'executions/exec_1/pause',
      { by: 'ann', reason: 'the budget' },
      { pause: 'exec_1', by: 'ann', reason: 'the budget' },
      200,
    ],
    ['incidents/inc_1/redrive', { by: 'ann' }, { redrive: 'inc_1', by: 'ann' }, 202],
    ['incidents/inc_1/close', { by: 'ann', why: 'a test' }, { close: 'inc_1', by: 'ann', why: 'a test' }, 202],
    ['executions/exec_1/pause', { by: 'ann' }, { pause: 'exec_1', by: 'ann' }, 200],
    [
      'interventions',
      { execution: 'exec_1', path: 'a[1]/b', asked: { action: 'skip', by: 'ann', why: 'no', request: 'r' } },
      { intervene: 'exec_1/a[1]/b', action: 'skip', by: 'ann', why: 'no' },
      200,
    ],
    [
      'interventions',
      { execution: 'exec_1', path: 'a', asked: { action: 'complete', output: [1], by: 'ann', request: 'r' } },
      { intervene: 'exec_1/a', action: 'complete', output: [1], by: 'ann' },
      200,
    ],
    ['caches/a%20b/clear', { by: 'ann', task: 'scan' }, { clear: { workflow: 'a b', by: 'ann', task: 'scan' } }, 200],
    ['breakers/flaky/reset', { by: 'ann' }, { resetBreaker: 'flaky', by: 'ann' }, 202],
    [
      'pools/busy.slow/instances/1',
      { to: 'closed', by: 'ann' },
      { pool: 'busy.slow', instance: 1, to: 'closed', by: 'ann' },
      202,
    ],
    ['executions/exec_1/resume', { by: 'ann' }, { unpause: 'exec_1', by: 'ann' }, 202],
    [
      'approvals/apr_1/decision',
      { kind: 'approve', output: null, by: 'ann' },
      { decide: 'apr_1', kind: 'approve', output: null, by: 'ann' },
      202,
    ],
    [
      'approvals/apr_1/decision',
      { kind: 'reject', reason: 'no', by: 'ann' },
      { decide: 'apr_1', kind: 'reject', reason: 'no', by: 'ann' },
      202,
    ],
  ])('%s asks the engine: %j', async (path, body, said, status) => {
    const { post, asked } = openBench();

    const response = await post(`/control/${path}`, body, { authorization });

    expect([response.status, asked]).toEqual([status, [said]]);
  });

  it('answers a pause with its checkpoint', async () => {
    const response = await openBench().post('/control/executions/exec_1/pause', { by: 'ann' }, { authorization });

    expect(await response.json()).toEqual({ checkpoint_id: 'chk_1' });
  });

  it.each<[string, object]>([
    ['executions/exec_1/pause', {}],
    ['executions/exec_1/resume', {}],
    ['breakers/flaky/reset', {}],
    ['pools/p/instances/1', { to: 'gone', by: 'ann' }],
    ['approvals/apr_1/decision', { kind: 'approve', by: 'ann' }],
    ['approvals/apr_1/decision', { kind: 'maybe', by: 'ann' }],
    ['approvals/apr_1/decision', { kind: 'reject' }],
  ])('%s takes no %j', async (path, body) => {
    const { post, asked } = openBench();

    const response = await post(`/control/${path}`, body, { authorization });

    expect([response.status, asked]).toEqual([400, []]);
  });

  it.each(['executions/exec_1/pause', 'executions/exec_1/resume', 'breakers/flaky/reset', 'approvals/apr_1/decision'])(
    '%s asks for the secret',
    async (path) => {
      const { post, asked } = openBench();

      const response = await post(`/control/${path}`, { kind: 'reject', by: 'ann' });

      expect([response.status, asked]).toEqual([401, []]);
    },
  );
});

describe('POST /control/events', () => {
  const path = '/control/events';
  const event = { id: 'evt_1', type: 'build.finished', source: 'ann', data: { commit: '1a2b3c' } };
  const authorization = `Bearer ${secret}`;

  it.each([[{ commit: '1a2b3c' }], [null], ['text']])('publishes for those who know the secret: %j', async (data) => {
    const { post, published } = openBench();

    const response = await post(path, { ...event, data }, { authorization });

    expect(response.status).toBe(202);
    expect(published).toEqual([{ ...event, data }]);
  });

  it('answers 401 to who does not know it', async () => {
    const { post, published } = openBench();

    expect((await post(path, event)).status).toBe(401);
    expect(published).toEqual([]);
  });

  it.each([
    [{ ...event, type: '' }, '/type'],
    [{ ...event, id: 'x'.repeat(201) }, '/id'],
    [{ id: 'evt_1', type: 'a', source: 'ann' }, '/data'],
    [{ ...event, time: 0 }, ''],
  ])('publishes nothing of an event like %j', async (body, pointer) => {
    const { post, published } = openBench();

    const response = await post(path, body, { authorization });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'body_invalid', errors: [{ pointer }] });
    expect(published).toEqual([]);
  });

  it('refuses data that is nested too deeply', async () => {
    const { post, published } = openBench();
    const deep = `${'['.repeat(300)}${']'.repeat(300)}`;

    const response = await post(path, JSON.stringify(event).replace('{"commit":"1a2b3c"}', deep), { authorization });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'event_refused' });
    expect(published).toEqual([]);
  });
});
