import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHandleRoutes } from '../../api/index.ts';
import { checkpointId, executionId } from '../../core/ids/index.ts';
import { createHttpAgentRuntime } from '../../adapters/http/index.ts';
import { startListener, type Listener } from '../../local/listener.ts';
import { agentCall, openMailbox } from '../makers/agent-calls.ts';

async function listen(answer: Parameters<typeof startListener>[0]['answer'], port = 0): Promise<Listener> {
  const listener = await startListener({ answer, port });
  onTestFinished(() => listener.close());
  return listener;
}

function openRoutes() {
  const mailbox = openMailbox();
  const cancelled: string[] = [];
  const control = {
    secret: 'shh',
    cancel: async (execution: string) => void cancelled.push(execution),
    publish: async () => undefined,
    pause: async () => ({ checkpointId: checkpointId('chk_1') }),
    unpause: async () => undefined,
    decide: async () => undefined,
    intervene: () => Promise.reject(new Error('nobody acts by hand here')),
    resetBreaker: async () => undefined,
    clearCache: async () => 0,
    changeInstance: async () => undefined,
    redriveIncident: async () => undefined,
    closeIncident: async () => undefined,
  };
  const routes = createHandleRoutes({ answers: mailbox, control });
  return { mailbox, cancelled, routes };
}

/** Sends chunks without saying how many bytes they are. */
async function postInChunks(url: string, chunks: readonly string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

describe('startListener', () => {
  it('serves on the loopback interface, on a free port', async () => {
    const listener = await listen(() => new Response('here'));

    expect(listener.url).toBe(`http://127.0.0.1:${listener.port}`);
    expect(listener.port).toBeGreaterThan(0);
    expect(await (await fetch(listener.url)).text()).toBe('here');
  });

  it('refuses a port that is taken', async () => {
    const { port } = await listen(() => new Response());

    await expect(startListener({ answer: () => new Response(), port })).rejects.toThrow(
      expect.objectContaining({ code: 'port_in_use' }),
    );
  });

  it('closes in spite of open connections', async () => {
    const listener = await listen(() => new Promise(() => undefined));
    const hanging = fetch(listener.url).then(
      () => 'answered',
      () => 'ended',
    );
    await fetch(`${listener.url}/probe`, { signal: AbortSignal.timeout(20) }).catch(() => undefined);

    await listener.close();

    expect(await hanging).toBe('ended');
    await expect(fetch(listener.url)).rejects.toThrow();
  });

  it('carries the answer of an agent on a server back to the engine', async () => {
    const { mailbox, routes } = openRoutes();
    const engine = await listen(routes.fetch);
    // An agent that answers as soon as it has accepted, by the URLs that it was given.
    const agent = await listen(async (call) => {
      const { callback, input } = (await call.json()) as { callback: Record<string, string>; input: number };
      await fetch(callback['heartbeat']!, { method: 'POST' });
      await fetch(callback['complete']!, { method: 'POST', body: JSON.stringify({ output: input * 2 }) });
      return new Response(null, { status: 202 });
    });
    const runtime = createHttpAgentRuntime({ answers: mailbox, fetch, callbackUrl: async () => engine.url });

    await runtime.call(agentCall({ name: 'b', runtime: 'http', capabilities: [], url: agent.url }, { input: 21 }));

    expect(mailbox.heartbeats).toEqual(['hdl_1']);
    expect(mailbox.answers).toEqual([{ handle: 'hdl_1', output: 42 }]);
  });

  it('stops reading a body that does not say how large it is', async () => {
    const { mailbox, routes } = openRoutes();
    const { url } = await listen(routes.fetch);
    const path = `${url}/api/v1/tasks/hdl_1/complete`;

    const small = await postInChunks(path, ['{"output":', '1}']);
    const large = await postInChunks(path, [
      '{"output":"',
      ...Array.from({ length: 18 }, () => 'x'.repeat(2 ** 20)),
      '"}',
    ]);

    expect([small, large]).toEqual([202, 413]);
    expect(mailbox.answers).toEqual([{ handle: 'hdl_1', output: 1 }]);
  });

  it('lets another process of this machine cancel with the secret', async () => {
    const { cancelled, routes } = openRoutes();
    const { url } = await listen(routes.fetch);
    const cancel = (authorization: string) =>
      fetch(`${url}/control/executions/${executionId('exec_1')}/cancel`, {
        method: 'POST',
        headers: { authorization },
        body: JSON.stringify({ by: 'terminal' }),
      });

    const statuses = [(await cancel('Bearer guess')).status, (await cancel('Bearer shh')).status];

    expect(statuses).toEqual([401, 202]);
    expect(cancelled).toEqual(['exec_1']);
  });
});
