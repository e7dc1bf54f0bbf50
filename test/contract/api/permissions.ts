import { describe, expect, it } from 'vitest';
import { routes, scopes } from '../../../api/index.ts';
import type { ApiBench } from './bench.ts';
import { publishWaiting, startRunning, waiting } from './workflows.ts';

const guarded = routes.filter(({ access }) => access !== 'public' && access !== 'handle');

export function permissions(bench: () => ApiBench): void {
  describe('tokens and scopes', () => {
    it.each(guarded.map(({ method, path, access }) => [`${method} ${path}`, access] as const))(
      '%s asks for a token with %s',
      async (request, access) => {
        const { ask, server } = bench();
        const others = scopes.filter((scope) => scope !== access && scope !== 'admin');
        const concrete = request.replaceAll(/\{\w+\}/g, 'x');

        const nobody = await ask(concrete, { token: null });
        const stranger = await ask(concrete, { token: 'eyJhbGciOiJub25lIn0.e30.' });
        const wrong = await ask(concrete, { token: await server.tokenFor({ scopes: others }) });

        expect([nobody.status, stranger.status, wrong.status]).toEqual([401, 401, 403]);
        expect(nobody.headers.get('www-authenticate')).toMatch(/^Bearer/);
        expect(wrong.body).toMatchObject({ code: 'scope_missing', details: { scope: access } });
      },
    );
  });

  describe('tenants', () => {
    it('never see one another', async () => {
      const { ask, server } = bench();
      const workflow = await publishWaiting(bench());
      const execution = await startRunning(bench(), workflow);
      const token = await server.tokenFor({ tenant: 'two', scopes });
      const others = [
        `GET /api/v1/workflows/${workflow}`,
        `GET /api/v1/workflows/${workflow}/versions`,
        `GET /api/v1/workflows/${workflow}/status`,
        `POST /api/v1/workflows/${workflow}/pause`,
        `POST /api/v1/executions/${execution}/pause`,
        `POST /api/v1/executions/${execution}/resume`,
        `POST /api/v1/executions/${execution}/cancel`,
        ...['', '/tasks', '/events', '/timeline', '/explain', '/checkpoints'].map(
          (view) => `GET /api/v1/executions/${execution}${view}`,
        ),
      ];

      const answers = await Promise.all(others.map((request) => ask(request, { token })));
      const list = await ask('GET /api/v1/executions', { token });
      const own = await ask('POST /api/v1/workflows', { token, body: waiting(workflow, { timeout: '3h' }) });

      expect(answers.map(({ status }) => status)).toEqual(others.map(() => 404));
      expect(list.text).not.toContain(execution);
      expect(own.status).toBe(201);
    });
  });

  describe('API keys', () => {
    it('let in whom they were made for, until they are removed', async () => {
      const { ask, name } = bench();
      const subject = name('robot');

      const made = await ask('POST /api/v1/api-keys', {
        body: { subject, scopes: ['workflow:read'], expires_in: 600 },
      });
      const { api_key: key, key_id: id } = made.body as { api_key: string; key_id: string };
      const read = await ask('GET /api/v1/workflows', { token: key });
      const write = await ask('POST /api/v1/workflows', { token: key, body: waiting(subject) });
      const forged = await ask('GET /api/v1/workflows', {
        token: `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
      });
      const elsewhere = await ask('GET /api/v1/workflows', { token: key.replace(/^sk\.[^.]+/, 'sk.dHdv') });
      const listed = await ask('GET /api/v1/api-keys');
      const removed = await ask(`DELETE /api/v1/api-keys/${id}`);
      const after = await ask('GET /api/v1/workflows', { token: key });
      const again = await ask(`DELETE /api/v1/api-keys/${id}`);

      expect(made.status).toBe(201);
      expect(made.headers.get('cache-control')).toBe('no-store');
      expect([read, write, forged, elsewhere].map(({ status }) => status)).toEqual([200, 403, 401, 401]);
      expect((listed.body as { api_keys: object[] }).api_keys).toContainEqual(
        expect.objectContaining({ key_id: id, subject, scopes: ['workflow:read'] }),
      );
      expect(listed.text).not.toContain(key.slice(-20));
      expect([removed, after, again].map(({ status }) => status)).toEqual([204, 401, 404]);
    });

    it.each([{}, { subject: 'x', scopes: [] }, { subject: 'x', scopes: ['everything'] }])(
      'are not made of %j',
      async (body) => {
        const { ask } = bench();

        expect((await ask('POST /api/v1/api-keys', { body })).status).toBe(400);
      },
    );
  });
}
