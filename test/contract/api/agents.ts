import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiBench } from './bench.ts';
import { expectStatus, startRunning, waiting } from './workflows.ts';

/** A server that takes calls, as an agent behind HTTP; resolves with the handle of the first one. */
async function openAgent(bench: ApiBench): Promise<{ url: string; handle: Promise<string> }> {
  let found: (handle: string) => void = () => undefined;
  const handle = new Promise<string>((resolve) => (found = resolve));
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.writeHead(202).end();
      found((JSON.parse(body) as { handle: string }).handle);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: bench.server.urlOfPort(port), handle };
}

/** An execution whose one task waits for an answer by its handle. */
async function callAgent(bench: ApiBench): Promise<{ execution: string; handle: string }> {
  const { ask, name } = bench;
  const [workflow, type] = [name('calls'), name('server')];
  const { url, handle } = await openAgent(bench);
  await ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'http', url } });
  const tasks = [{ id: 'scan', agent: 'scanner', timeout: '10m', retry_policy: 'none' }];
  const definition = waiting(workflow, { agents: { scanner: { type } }, output: '${ tasks.scan.output }', tasks });
  await ask('POST /api/v1/workflows', { body: definition });
  const execution = await startRunning(bench, workflow);
  return { execution, handle: await handle };
}

export function agentsAndHandles(bench: () => ApiBench): void {
  describe('POST /api/v1/agents/{type}/register', () => {
    it('registers a type, which then is listed without its address', async () => {
      const { ask, name } = bench();
      const type = name('server');
      const body = {
        runtime: 'http',
        url: 'https://secret.example/call',
        auth: 'Bearer secret',
        capabilities: ['scan'],
      };

      const first = await ask(`POST /api/v1/agents/${type}/register`, { body });
      const again = await ask(`POST /api/v1/agents/${type}/register`, { body });
      const listed = await ask('GET /api/v1/agents');

      expect([first.status, again.status]).toEqual([201, 200]);
      expect(first.body).toMatchObject({
        agent_type: type,
        runtime: 'http',
        capabilities: ['scan'],
        registered_by: 'ann',
      });
      const { agents } = listed.body as { agents: { agent_type: string }[] };
      expect(agents.filter(({ agent_type }) => agent_type === type)).toHaveLength(1);
      expect(listed.text).not.toContain('secret');
    });

    it('is taken back by a deregistration: no definition is compiled with the type any more', async () => {
      const { ask, name, server } = bench();
      const [workflow, type] = [name('asks'), name('people')];
      const definition = waiting(workflow, { agents: { lead: { type } }, tasks: [{ id: 'ask', agent: 'lead' }] });
      await ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'human' } });
      const before = await ask('POST /api/v1/workflows/validate', { body: definition });
      const stranger = await server.tokenFor({ subject: 'bob', scopes: ['agent:work'] });

      const refused = await ask(`POST /api/v1/agents/${type}/deregister`, { token: stranger });
      const { status } = await ask(`POST /api/v1/agents/${type}/deregister`);
      const again = await ask(`POST /api/v1/agents/${type}/deregister`);
      const after = await ask('POST /api/v1/workflows/validate', { body: definition });

      expect(refused.body).toMatchObject({ status: 403, code: 'not_your_type' });
      expect(status).toBe(204);
      expect(again.body).toMatchObject({ status: 404, code: 'agent_type_not_found' });
      expect([before.body, after.body]).toMatchObject([{ valid: true }, { valid: false }]);
    });

    it.each([
      [{ runtime: 'http' }, 400],
      [{ runtime: 'magic' }, 400],
      [{ runtime: 'human', output: { type: 'objekt' } }, 422],
      [{ runtime: 'ecs', task_definition: 'x' }, 422],
    ])('refuses %j with %i', async (body, status) => {
      const { ask, name } = bench();

      expect((await ask(`POST /api/v1/agents/${name('odd')}/register`, { body })).status).toBe(status);
    });

    it('refuses a name that no definition could say', async () => {
      const { ask } = bench();

      const register = (type: string) => ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'human' } });

      expect((await register('a%20b')).status).toBe(422);
      expect((await register('a'.repeat(201))).status).toBe(404);
    });

    it('lets an agent register itself, and nobody else', async () => {
      const { ask, name, server } = bench();
      const type = name('self');
      const token = await server.tokenFor({ subject: type, scopes: ['agent:work'] });
      const body = { runtime: 'human' };

      const own = await ask(`POST /api/v1/agents/${type}/register`, { body, token });
      const other = await ask(`POST /api/v1/agents/${name('other')}/register`, { body, token });

      expect(own.status).toBe(201);
      expect(other.body).toMatchObject({ status: 403, code: 'not_your_type' });
    });

    it('registers once for all repetitions of a request', async () => {
      const { ask, name } = bench();
      const [type, headers] = [name('once'), { 'idempotency-key': name('key') }];
      const register = () => ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'human' }, headers });

      const answers = [await register(), await register()];

      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    });
  });

  describe('POST /api/v1/tasks/{handle}', () => {
    it('takes an answer from who has the handle, once', async () => {
      const { ask } = bench();
      const { execution, handle } = await callAgent(bench());
      const answer = (verb: string, body?: unknown) =>
        ask(`POST /api/v1/tasks/${handle}/${verb}`, { token: null, ...(body !== undefined && { body }) });

      const beat = await answer('heartbeat');
      const completed = await answer('complete', { output: { found: 3 } });
      await expectStatus(bench(), execution, 'succeeded');
      const { body } = await ask(`GET /api/v1/executions/${execution}`);

      expect([beat.status, completed.status]).toEqual([204, 202]);
      expect(body).toMatchObject({ output: { found: 3 } });
      const late = [
        await answer('complete', { output: 4 }),
        await answer('fail', { error: { name: 'TooLate', message: '' } }),
        await answer('heartbeat'),
      ];
      expect(late.map(({ status }) => status)).toEqual([409, 409, 409]);
      expect(late[0]?.body).toMatchObject({ code: 'attempt_not_live' });
    });

    it('takes a failure by its name', async () => {
      const { ask } = bench();
      const { execution, handle } = await callAgent(bench());

      const { status } = await ask(`POST /api/v1/tasks/${handle}/fail`, {
        token: null,
        body: { error: { name: 'ToolBroken', message: 'no wrench', retryable: false } },
      });
      await expectStatus(bench(), execution, 'failed');
      const { body } = await ask(`GET /api/v1/executions/${execution}/tasks`);

      expect(status).toBe(202);
      expect(body).toMatchObject({ tasks: [{ error: { name: 'ToolBroken', message: 'no wrench' } }] });
    });

    it.each(['hdl_nonsense', 'hdl_W10.AAAAAAAAAAAAAAAAAAAAAA', 'x', 'hdl_'])(
      'knows no handle like %s',
      async (handle) => {
        const { ask } = bench();

        const answers = [
          await ask(`POST /api/v1/tasks/${handle}/complete`, { token: null, body: { output: 1 } }),
          await ask(`POST /api/v1/tasks/${handle}/fail`, { token: null, body: { error: { name: 'x', message: '' } } }),
          await ask(`POST /api/v1/tasks/${handle}/heartbeat`, { token: null }),
        ];

        expect(answers.map(({ body }) => body)).toMatchObject(
          answers.map(() => ({ status: 404, code: 'handle_unknown' })),
        );
      },
    );

    it('says what is wrong with an answer, and goes on waiting', async () => {
      const { ask } = bench();
      const { handle } = await callAgent(bench());

      const answers = [
        await ask(`POST /api/v1/tasks/${handle}/complete`, { token: null, body: {} }),
        await ask(`POST /api/v1/tasks/${handle}/fail`, { token: null, body: { error: 'it broke' } }),
        await ask(`POST /api/v1/tasks/${handle}/complete`, { token: null, body: { output: 1 } }),
      ];

      expect(answers.map(({ status }) => status)).toEqual([400, 400, 202]);
    });
  });
}
