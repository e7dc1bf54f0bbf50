import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpAgentType } from '../../../core/agents/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { createHttpAgentRuntime, type HttpAgentRuntimeOptions } from '../../../adapters/http/index.ts';
import { agentRuntimeContract, type Asked } from '../../contract/agent-runtime.contract.ts';
import { agentCall, openMailbox } from '../../makers/agent-calls.ts';
import { midnight } from '../../makers/event-log.ts';

const scan: HttpAgentType = { name: 'scan_agent', runtime: 'http', capabilities: [], url: 'http://agents.test/scan' };

function openBench(options: Partial<HttpAgentRuntimeOptions>) {
  const mailbox = openMailbox();
  const runtime = createHttpAgentRuntime({
    answers: mailbox,
    fetch,
    callbackUrl: async () => 'http://127.0.0.1:4000',
    ...options,
  });
  return { mailbox, runtime };
}

const answering = (status: number, body = '', headers: Record<string, string> = {}) => ({
  fetch: async () => new Response(body, { status, headers }),
});

interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A server on the loopback interface that accepts whatever comes, or never answers. */
async function startServer(answers = true) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, headers } = request;
      received.push({ method, headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      if (answers) response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scan`, received, close };
}

agentRuntimeContract('createHttpAgentRuntime', () => {
  const asked: Asked[] = [];
  const { runtime } = openBench({
    fetch: async (url, { body }) => {
      if (url !== scan.url) throw new TypeError('fetch failed');
      // What bodyOf has made; the fetch of tests gets it as text.
      const told = JSON.parse(body as string) as Omit<Asked, 'task' | 'idempotencyKey'> &
        Asked['task'] & { task: string; idempotency_key: string };
      const { handle, task: id, path, input, index, count, execution, agent, attempt, slot } = told;
      const task = { id, path, input, index, count };
      asked.push({
        handle,
        task,
        execution,
        agent,
        attempt,
        idempotencyKey: told.idempotency_key,
        ...(slot && { slot }),
      });
      return new Response(null, { status: 202 });
    },
  });
  return { runtime, agentType: scan, unreachable: { ...scan, url: 'http://gone.test' }, asked: async () => asked };
});

describe('createHttpAgentRuntime', () => {
  it('posts the call with everything that its agent needs to answer', async () => {
    const { url, received } = await startServer();
    const { runtime, mailbox } = openBench({});
    const call = agentCall({ ...scan, url, auth: 'Bearer secret' }, { path: taskPath('scan[1]'), index: 1, count: 2 });

    await runtime.call({ ...call, input: { files: ['a.ts'] } });

    expect(received).toMatchObject([
      {
        method: 'POST',
        headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
        body: {
          handle: 'hdl_1',
          execution: 'exec_1',
          task: 'lint',
          path: 'scan[1]',
          attempt: 1,
          agent: 'linter',
          input: { files: ['a.ts'] },
          index: 1,
          count: 2,
          idempotency_key: 'exec_1/lint',
          deadline: new Date(midnight + 300_000).toISOString(),
          callback: {
            complete: 'http://127.0.0.1:4000/api/v1/tasks/hdl_1/complete',
            fail: 'http://127.0.0.1:4000/api/v1/tasks/hdl_1/fail',
            heartbeat: 'http://127.0.0.1:4000/api/v1/tasks/hdl_1/heartbeat',
          },
        },
      },
    ]);
    expect(mailbox.answers).toEqual([]);
  });

  it.each([
    [400, { name: 'InvalidInput', retryable: false }],
    [401, { name: 'PermissionDenied', retryable: false }],
    [403, { name: 'PermissionDenied', retryable: false }],
    [404, { name: 'AgentUnavailable', retryable: false }],
    [408, { name: 'AgentUnavailable' }],
    [422, { name: 'InvalidInput', retryable: false }],
    [429, { name: 'AgentThrottled' }],
    [302, { name: 'AgentUnavailable', retryable: false }],
    [500, { name: 'AgentUnavailable' }],
    [503, { name: 'AgentUnavailable' }],
  ])('fails the attempt when the server answers %i', async (status, error) => {
    const { runtime, mailbox } = openBench(answering(status, 'no such repository'));

    await runtime.call(agentCall(scan));

    expect(mailbox.answers).toEqual([
      { handle: 'hdl_1', error: { ...error, message: `The agent's server answered ${status}: no such repository` } },
    ]);
  });

  it('obeys Retry-After in seconds', async () => {
    const { runtime, mailbox } = openBench(answering(429, '', { 'retry-after': '120' }));

    await runtime.call(agentCall(scan));

    expect(mailbox.answers[0]?.error).toEqual({
      name: 'AgentThrottled',
      message: "The agent's server answered 429.",
      retryAfter: 120,
    });
  });

  it.each(['soon', '-1', '99999999999', 'Sat, 21 Nov 2026 00:00:00 GMT'])(
    'passes over Retry-After: %s',
    async (value) => {
      const { runtime, mailbox } = openBench(answering(503, '', { 'retry-after': value }));

      await runtime.call(agentCall(scan));

      expect(mailbox.answers[0]?.error).not.toHaveProperty('retryAfter');
    },
  );

  it('reads only the beginning of an endless refusal', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('no '.repeat(100))),
    });
    const { runtime, mailbox } = openBench({ fetch: async () => new Response(endless, { status: 500 }) });

    await runtime.call(agentCall(scan));

    expect(mailbox.answers[0]?.error?.message.length).toBeLessThan(600);
  });

  it('says so when the server cannot be reached', async () => {
    const { url, close } = await startServer();
    const { runtime } = openBench({});
    await close();

    await expect(runtime.call(agentCall({ ...scan, url }))).rejects.toThrow(
      expect.objectContaining({
        code: 'agent_unreachable',
        message: expect.stringContaining('ECONNREFUSED') as string,
      }),
    );
  });

  it('gives up on a server that accepts nothing in time', async () => {
    const { url } = await startServer(false);
    const { runtime } = openBench({ acceptWithinMs: 50 });

    await expect(runtime.call(agentCall({ ...scan, url }))).rejects.toThrow(
      expect.objectContaining({ code: 'agent_unreachable' }),
    );
  });

  it('sends a call once that is repeated while it is being sent, and again after that', async () => {
    const { url, received } = await startServer();
    const { runtime } = openBench({});
    const call = agentCall({ ...scan, url });

    await Promise.all([runtime.call(call), runtime.call(call)]);
    expect(received).toHaveLength(1);
    await runtime.call(call);

    expect(received).toHaveLength(2);
  });

  it('has no limit, outlives the engine, and sends nothing to cancel', async () => {
    let requests = 0;
    const { runtime } = openBench({
      fetch: async () => {
        requests += 1;
        return new Response();
      },
    });

    await runtime.cancel(agentCall(scan).handle, 'stop');

    expect(requests).toBe(0);
    expect(runtime.capacity(scan)).toBeUndefined();
    expect(runtime.outlivesEngine(scan)).toBe(true);
  });
});
