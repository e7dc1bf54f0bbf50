import { describe, expect, it } from 'vitest';
import {
  createApi,
  mayDo,
  routes,
  scopes,
  type ApiDeps,
  type Principal,
  type TenantServices,
} from '../../api/index.ts';
import { InvariantError, UnavailableError } from '../../core/errors/index.ts';
import { apiClient } from '../makers/api-client.ts';
import { openApiDocuments } from '../makers/api-document.ts';

const ann: Principal = { tenant: 'one', subject: 'ann', scopes: new Set(scopes), roles: [] };

/** An API whose every dependency is missing, until a test brings one. */
function openApi(deps: Partial<ApiDeps> = {}) {
  const errors: unknown[] = [];
  const app = createApi(routes, {
    authenticate: async () => ann,
    forTenant: async () => servicesThatThrow(() => new Error('nobody expects a call')),
    answersTo: async () => undefined,
    state: { version: '1', checks: {} },
    onError: (error) => errors.push(error),
    ...deps,
  });
  const document = openApiDocuments();
  const ask = apiClient((url, init) => app.request(url, init), { url: 'http://127.0.0.1', token: 'x', document });
  return { ask, app, errors };
}

/** Whatever is asked of them, and whatever of that is called, throws. */
function servicesThatThrow(error: () => Error): TenantServices {
  const throwing = async () => {
    throw error();
  };
  const store = new Proxy({}, { get: () => throwing });
  // Before anything else it is asked whether the engine is behind: it is not.
  const ledger = new Proxy(
    { findControl: async () => undefined },
    { get: (quiet, key): unknown => Reflect.get(quiet, key) ?? throwing },
  );
  const own = {
    ledger,
    clock: { now: () => 0 },
    ids: { executionId: () => 'exec_1', random: () => 0 },
    runtimes: ['human'],
    limits: {},
  };
  return new Proxy(own, {
    get: (known, key): unknown => Reflect.get(known, key) ?? store,
  }) as unknown as TenantServices;
}

const guarded = routes.filter(({ access }) => access !== 'public' && access !== 'handle');
const withBody = routes.filter(({ body }) => body);
const concrete = (path: string) => path.replaceAll(/\{\w+\}/g, 'x');
const named = (some: typeof routes) => some.map((route) => [`${route.method} ${route.path}`, route] as const);

describe('every route', () => {
  it.each(named(withBody))('%s answers 413 to a body that is too large', async (request, { maxBytes = 65_536 }) => {
    const { ask } = openApi({ answersTo: async () => ({}) as never });

    const { status, body } = await ask(concrete(request), { body: `"${'x'.repeat(maxBytes)}"` });

    expect(status).toBe(413);
    expect(body).toMatchObject({ code: 'body_too_large' });
  });

  it.each(named(guarded))('%s answers 503 when the issuer of tokens does not answer', async (request) => {
    const unavailable = new UnavailableError({ code: 'issuer_unavailable', message: 'Try again.' });
    const { ask, errors } = openApi({ authenticate: () => Promise.reject(unavailable) });

    const { status, headers } = await ask(concrete(request));

    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(errors).toEqual([]);
  });

  it.each(named(routes.filter(({ access }) => access === 'handle')))(
    '%s answers 503 when the engine cannot record it',
    async (request) => {
      const full = new UnavailableError({ code: 'disk_full', message: 'Try again.' });
      const refuse = () => Promise.reject(full);
      const { ask } = openApi({ answersTo: async () => ({ complete: refuse, fail: refuse, heartbeat: refuse }) });
      const bodies: Record<string, object> = { complete: { output: 1 }, fail: { error: { name: 'x', message: '' } } };
      const body = bodies[request.slice(request.lastIndexOf('/') + 1)];

      const { status } = await ask(concrete(request), { ...(body && { body }) });

      expect(status).toBe(503);
    },
  );

  it.each(named(guarded))('%s answers 403 to a tenant that has nothing here', async (request) => {
    const { ask } = openApi({ forTenant: async () => undefined });

    expect((await ask(concrete(request))).body).toMatchObject({ status: 403, code: 'tenant_unknown' });
  });

  it('keeps its own errors to the log', async () => {
    const bugs = [new InvariantError({ code: 'no_progress', message: 'inner workings' }), new Error('inner workings')];
    for (const bug of bugs) {
      const { app, errors } = openApi({ forTenant: async () => servicesThatThrow(() => bug) });

      const response = await app.request('/api/v1/agents');

      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('inner workings');
      expect(errors).toEqual([bug]);
    }
  });

  it('answers GET /ready with 503 and what does not answer', async () => {
    const checks = { table: async () => undefined, bus: () => Promise.reject(new Error('inner workings')) };
    const { ask } = openApi({ state: { version: '1', checks } });

    const { status, body } = await ask('GET /ready');

    expect(status).toBe(503);
    expect(body).toEqual({ status: 'not_ready', checks: { table: 'ok', bus: 'failed' } });
  });

  it('tells addresses as callers reach them', async () => {
    const services = { ...servicesThatThrow(() => new Error()), ids: { executionId: () => 'exec_1' } };
    const withList = {
      ...services,
      definitions: { list: async () => [{ name: 'a', version: '1', digest: '', publishedAt: 0 }] },
    };
    const behind = openApi({ forTenant: async () => withList as never, publicUrl: 'https://api.example/prod' });
    const bare = openApi({ forTenant: async () => withList as never });

    const [far, near] = [await behind.ask('GET /api/v1/workflows'), await bare.ask('GET /api/v1/workflows')];

    expect(far.body).toMatchObject({ workflows: [{ url: 'https://api.example/prod/api/v1/workflows/a' }] });
    expect(near.body).toMatchObject({ workflows: [{ url: 'http://127.0.0.1/api/v1/workflows/a' }] });
  });
});

describe('mayDo', () => {
  it('lets the admin do everything, and everybody else what his scopes say', () => {
    const admin = { ...ann, scopes: new Set(['admin']) };
    const reader = { ...ann, scopes: new Set(['workflow:read']) };

    expect(scopes.every((scope) => mayDo(admin, scope))).toBe(true);
    expect(scopes.filter((scope) => mayDo(reader, scope))).toEqual(['workflow:read']);
  });
});
