import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request, as the service itself has seen it. */
export interface Visit {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `prices[3]#2`: the caller's task and attempt. */
  readonly attempt: string;
  readonly status: 200 | 503;
}

export interface PriceService {
  readonly url: string;
  /** Every request, in the order in which they came. */
  readonly log: readonly Visit[];
  close(): Promise<void>;
}

export interface Weather {
  /** Calls that it answers before it breaks down. */
  readonly callsUntilOutage: number;
  /** How long it is down, in milliseconds. */
  readonly outage: number;
}

/** A service on 127.0.0.1 that answers prices, then answers 503 for a while, then prices again. */
export async function startPriceService({ callsUntilOutage, outage }: Weather): Promise<PriceService> {
  const log: Visit[] = [];
  let downUntil = 0;
  const server = createServer((request, response) => {
    const at = Date.now();
    if (log.length === callsUntilOutage) downUntil = at + outage;
    const status = at < downUntil ? 503 : 200;
    log.push({ at, attempt: String(request.headers['x-attempt'] ?? ''), status });
    const product = decodeURIComponent(request.url?.split('/').at(-1) ?? '');
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? { product, cents: centsOf(product) } : { error: 'down' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The same for the same product. */
function centsOf(product: string): number {
  return Buffer.from(product).reduce((sum, byte) => sum + byte, 0);
}
