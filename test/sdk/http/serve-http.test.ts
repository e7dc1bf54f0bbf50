import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { serveHttp, type ServeHttpOptions } from '../../../sdk/http/index.ts';
import { callbackAt, httpCall } from '../../makers/http-calls.ts';

/** The engine's side: takes answers. */
async function startEngine() {
  const answers: { readonly url: string | undefined; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      answers.push({ url: request.url, body });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.close().closeAllConnections());
  return { answers, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function startAgent(agent: AgentFunction, options: ServeHttpOptions = {}) {
  const engine = await startEngine();
  const server = await serveHttp(agent, { world: { print: () => undefined }, ...options });
  onTestFinished(() => server.close(0));
  const deadline = new Date(Date.now() + 60_000).toISOString();
  const call = (change = {}) =>
    fetch(`${server.url}/count`, {
      method: 'POST',
      body: JSON.stringify(httpCall({ deadline, callback: callbackAt(engine.url), ...change })),
    });
  return { engine, server, call };
}

const untilAborted: AgentFunction = (_task, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('serveHttp', () => {
  it('answers calls that come over the network', async () => {
    const { engine, server, call } = await startAgent(({ input }) => input);

    const response = await call({ input: { text: 'ein Wörtchen' } });
    await server.close();

    expect(response.status).toBe(202);
    expect(engine.answers).toEqual([
      { url: '/api/v1/tasks/hdl_1/complete', body: '{"output":{"text":"ein Wörtchen"}}' },
    ]);
  });

  it('lets what is under way end before it closes', async () => {
    const step = Promise.withResolvers<string>();
    const { engine, server, call } = await startAgent(() => step.promise);
    await call();

    const closed = server.close();
    step.resolve('done');
    await closed;

    expect(engine.answers).toMatchObject([{ body: '{"output":"done"}' }]);
    await expect(fetch(server.url)).rejects.toThrow('fetch failed');
  });

  it('aborts what does not end in its grace', async () => {
    const { engine, server, call } = await startAgent(untilAborted);
    await call();

    await server.close(10);

    expect(engine.answers).toHaveLength(1);
    expect(engine.answers[0]?.body).toContain('"name":"AgentUnavailable"');
  });

  it('says when its port is taken', async () => {
    const { server } = await startAgent(untilAborted);

    await expect(serveHttp(untilAborted, { port: server.port })).rejects.toThrow('EADDRINUSE');
  });

  it('refuses a body that is larger than any call', async () => {
    const { server } = await startAgent(untilAborted);

    const response = await fetch(server.url, { method: 'POST', body: new Uint8Array(33 * 1024 * 1024) }).catch(
      () => 'cut off',
    );

    expect(response === 'cut off' || (response as Response).status === 413).toBe(true);
    expect((await fetch(server.url)).status).toBe(200);
  });
});
