import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';

export interface S3Server {
  readonly bucket: string;
  /** A client with a connection of its own. */
  client(): S3Client;
  /** Keys of the objects that are there. */
  keys(): readonly string[];
  /** Answers the next requests with this status and code, in place of what was asked. */
  failNext(times: number, failure: { readonly status: number; readonly code: string }): void;
}

/** S3 as far as the stores use it, PUT, GET and DELETE of an object by path, from before a file's tests until after them. */
export function anS3Server(): S3Server {
  const objects = new Map<string, Buffer>();
  const failures: { status: number; code: string }[] = [];
  const clients: S3Client[] = [];
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray());
    const failure = failures.shift();
    if (failure) return refuse(response, failure);
    const key = decodeURIComponent(new URL(request.url ?? '', 'http://s3').pathname).replace('/artifacts/', '');
    if (request.method === 'PUT') objects.set(key, body);
    if (request.method === 'DELETE') objects.delete(key);
    const found = objects.get(key);
    if (request.method === 'GET' && found === undefined) return refuse(response, { status: 404, code: 'NoSuchKey' });
    response.end(request.method === 'GET' ? found : undefined);
  }

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    bucket: 'artifacts',
    client: () => {
      // A server that listens on a port has an address of this kind.
      const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const client = new S3Client({ endpoint, region: 'eu-central-1', credentials, forcePathStyle: true });
      clients.push(client);
      return client;
    },
    keys: () => [...objects.keys()].toSorted(),
    failNext: (times, failure) => failures.push(...Array.from({ length: times }, () => failure)),
  };
}

function refuse(response: ServerResponse, { status, code }: { status: number; code: string }): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>as planned</Message></Error>`);
}
