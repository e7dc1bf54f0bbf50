import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cancelAtOwner, publishAtOwner, type Owner } from '../../../adapters/embedded/index.ts';
import { executionId } from '../../../core/ids/index.ts';

interface Heard {
  readonly request: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** An owner that gives one answer to everything, and what it has heard. */
async function anOwner(status: number, answer?: object): Promise<{ owner: Owner; heard: Heard[]; close: () => void }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      heard.push({ request: `${request.method} ${request.url}`, authorization: request.headers.authorization, body });
      response.writeHead(status, { 'content-type': 'application/problem+json' });
      response.end(answer && JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { owner: { pid: 4711, port, secret: 'whispered', since: 0 }, heard, close };
}

describe('cancelAtOwner', () => {
  it('asks for the execution by its id, and shows that it may', async () => {
    const { owner, heard } = await anOwner(202);

    await cancelAtOwner(owner, executionId('exec_1/../x'), 'me');

    expect(heard).toEqual([
      {
        request: 'POST /control/executions/exec_1%2F..%2Fx/cancel',
        authorization: 'Bearer whispered',
        body: '{"by":"me"}',
      },
    ]);
  });

  it.each([
    [404, 'NotFoundError'],
    [409, 'ConflictError'],
    [503, 'UnavailableError'],
  ])('throws the refusal of an owner that answers %i as %s', async (status, name) => {
    const { owner } = await anOwner(status, { code: 'because', detail: 'It said so.', hint: 'Ask it.' });

    const asked = cancelAtOwner(owner, executionId('exec_1'), 'me');

    await expect(asked).rejects.toMatchObject({ name, code: 'because', message: 'It said so.', hint: 'Ask it.' });
  });

  it('says of an owner that does not answer who it was', async () => {
    const { owner, close } = await anOwner(202);
    close();

    await expect(cancelAtOwner(owner, executionId('exec_1'), 'me')).rejects.toMatchObject({
      name: 'UnavailableError',
      code: 'owner_silent',
      message: 'The process that owns the database (pid 4711) does not answer.',
    });
  });
});

describe('publishAtOwner', () => {
  const event = { id: 'evt_1', type: 'build.finished', source: 'me', data: { commit: '1a2b3c' } };

  it('hands the event over, and shows that it may', async () => {
    const { owner, heard } = await anOwner(202);

    await publishAtOwner(owner, event);

    expect(heard).toEqual([
      { request: 'POST /control/events', authorization: 'Bearer whispered', body: JSON.stringify(event) },
    ]);
  });

  it.each([400, 413])('throws the refusal of an owner that answers %i as InvalidRequestError', async (status) => {
    const { owner } = await anOwner(status, { code: 'event_refused', detail: 'Too deep.' });

    await expect(publishAtOwner(owner, event)).rejects.toMatchObject({
      name: 'InvalidRequestError',
      code: 'event_refused',
      message: 'Too deep.',
    });
  });

  it('may be asked again with the same id when nobody answers', async () => {
    const { owner, close } = await anOwner(202);
    close();

    await expect(publishAtOwner(owner, event)).rejects.toMatchObject({
      code: 'owner_silent',
      hint: 'Try again with the same id.',
    });
  });
});
