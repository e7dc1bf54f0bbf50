import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AgentFunction } from '../../core/agents/index.ts';
import { toFetch, type FetchAgent, type FetchAgentOptions } from './to-fetch.ts';

export interface ServeHttpOptions extends FetchAgentOptions {
  /** 0, the default: a free one. */
  readonly port?: number;
  /** Default `127.0.0.1`: reached from this machine only. */
  readonly host?: string;
}

export interface HttpServer {
  /** `http://127.0.0.1:7070`, without a slash at the end: the `url` of the catalogue. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no more calls, and resolves once those under way have been answered. They may take `graceMs` (default 120,000); then
   * their signals are aborted, and they fail as `AgentUnavailable`, which is retried.
   */
  close(graceMs?: number): Promise<void>;
}

/** The largest call that is read, in bytes; the engine's own inputs are smaller. */
const MAX_CALL_BYTES = 32 * 1024 * 1024;
const GRACEFUL_SHUTDOWN_MS = 120_000;

/**
 * The agent as a server of its own: any path, POST to call it, GET to see that it is there.
 *
 *     const server = await serveHttp(agent, { port: 7070, authorization: 'Bearer …' });
 *     process.once('SIGTERM', () => void server.close());
 */
export async function serveHttp(agent: AgentFunction, options: ServeHttpOptions = {}): Promise<HttpServer> {
  const { host = '127.0.0.1', port = 0, ...rest } = options;
  const answer = toFetch(agent, rest);
  const server = createServer((request, response) => void respond(answer, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    async close(graceMs = GRACEFUL_SHUTDOWN_MS) {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      const grace = AbortSignal.timeout(graceMs);
      grace.addEventListener('abort', () => answer.stop('The server is being stopped.'));
      await answer.settled();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function respond(answer: FetchAgent, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await textOf(request);
    if (body === undefined) return void response.writeHead(413, { connection: 'close' }).end();
    const answered = await answer(requestOf(request, body));
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text());
  } catch {
    // The caller is gone, or what it sent is no request that fetch knows.
    if (!response.headersSent) response.writeHead(400, { connection: 'close' });
    response.end();
  }
}

function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: string): Request {
  const given = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(new URL(url, 'http://agent.invalid'), {
    method,
    headers: Object.fromEntries(given) as Record<string, string>,
    ...(hasBody && { body }),
  });
}

/** Undefined when it is too large. */
async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_CALL_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
