import { createApi, createAuthenticator, routes } from '../../api/index.ts';
import { readHandle } from '../../core/agents/index.ts';
import { recordLetter } from '../../engine/index.ts';
import { openLaptop } from '../../local/index.ts';
import { startListener } from '../../local/listener.ts';
import { createLocalIssuer } from '../../local/local-issuer.ts';
import { tenantServices } from '../../local/tenant-services.ts';
import type { ApiUnderTest } from '../contract/api/bench.ts';

export interface TwoTenants extends Pick<ApiUnderTest, 'tokenFor' | 'giveUp' | 'close'> {
  /** Answers a request without a network between. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Of the engine's own. */
  readonly errors: readonly unknown[];
}

/** The API of two tenants, each with a laptop of its own, in memory. */
export async function openTwoTenants(): Promise<TwoTenants> {
  const issuer = await createLocalIssuer();
  const laptops = new Map(
    await Promise.all(['one', 'two'].map(async (tenant) => [tenant, await openLaptop({ tenant })] as const)),
  );
  const services = new Map(
    Array.from(laptops, ([tenant, { inside }]) => [tenant, tenantServices(inside, { tenant, directory: '/' })]),
  );
  const clock = { now: () => Date.now() };
  const errors: unknown[] = [];
  const app = createApi(routes, {
    authenticate: createAuthenticator({
      ...issuer,
      apiKeys: async (tenant) => services.get(tenant)?.apiKeys,
      clock,
    }),
    forTenant: async (tenant) => services.get(tenant),
    answersTo: async (handle) =>
      [...laptops.values()].find(({ inside }) => readHandle(inside.stores.handleSecret, handle))?.runtime.answers,
    state: { version: '0.0.0', checks: { memory: async () => undefined } },
    onError: (error) => errors.push(error),
  });
  return {
    fetch: (request) => app.fetch(request),
    errors,
    tokenFor: ({ tenant = 'one', subject = 'ann', scopes, roles = [] }) =>
      issuer.sign({ tenant, subject, scopes, roles }, clock.now()),
    async giveUp(source, execution) {
      const laptop = laptops.get('one');
      if (!laptop) throw new Error('Tenant `one` has a laptop.');
      const letter = { source, copy: execution, about: execution, execution, reason: 'All its tries have failed.' };
      const { id } = await recordLetter(laptop.inside.stores, { ...letter, body: { kind: 'grace', execution } });
      return id;
    },
    async close() {
      for (const laptop of laptops.values()) await laptop.close();
    },
  };
}

/** As above, behind a port. */
export async function serveTwoTenants(): Promise<ApiUnderTest> {
  const { fetch, tokenFor, giveUp, close } = await openTwoTenants();
  const listener = await startListener({ answer: fetch });
  return {
    url: listener.url,
    tokenFor,
    giveUp,
    urlOfPort: (port) => `http://127.0.0.1:${port}`,
    async close() {
      await listener.close();
      await close();
    },
  };
}
