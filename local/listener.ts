import { createAdaptorServer } from '@hono/node-server';
import { ConflictError } from '../core/errors/index.ts';

export interface ListenerOptions {
  readonly answer: (request: Request) => Response | Promise<Response>;
  /** 0, the default: a free one. */
  readonly port?: number;
}

/** Requests from this machine only. It keeps the process alive until it is closed. */
export interface Listener {
  /** `http://127.0.0.1:4000`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Ends open connections too. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Throws ConflictError (`port_in_use`). */
export async function startListener({ answer, port = 0 }: ListenerOptions): Promise<Listener> {
  const server = createAdaptorServer({ fetch: answer, hostname: HOST });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: Error) => reject(withPort(error, port)));
    server.listen(port, HOST, resolve);
  });
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${HOST}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function withPort(error: Error, port: number): Error {
  if (!('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new ConflictError({
    code: 'port_in_use',
    message: `Port ${port} of ${HOST} is taken.`,
    hint: 'Name another one, or none to get a free one.',
    cause: error,
  });
}
