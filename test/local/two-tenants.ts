import { createApi, createAuthenticator, routes, type Scope } from '../../api/index.ts';
import { readHandle } from '../../core/agents/index.ts';
import { openLaptop } from '../../local/index.ts';
import { startListener } from '../../local/listener.ts';
import { createLocalIssuer } from '../../local/local-issuer.ts';
import { tenantServices } from '../../local/tenant-services.ts';
import type { ApiUnderTest } from '../contract/api/bench.ts';

/** The embedded server for two tenants, each with a laptop of its own, in memory. */
export async function openTwoTenants(): Promise<ApiUnderTest> {
  const issuer = await createLocalIssuer();
  const laptops = new Map(
    await Promise.all(['one', 'two'].map(async (tenant) => [tenant, await openLaptop({ tenant })] as const)),
  );
  const services = new Map(
    Array.from(laptops, ([tenant, { inside }]) => [tenant, tenantServices(inside, { tenant, directory: '/' })]),
  );
  const clock = { now: () => Date.now() };
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
  });
  const listener = await startListener({ answer: (request) => app.fetch(request) });
  return {
    url: listener.url,
    tokenFor: ({
      tenant = 'one',
      subject = 'ann',
      scopes,
      roles = [],
    }: {
      readonly tenant?: string;
      readonly subject?: string;
      readonly scopes: readonly Scope[];
      readonly roles?: readonly string[];
    }) => issuer.sign({ tenant, subject, scopes, roles }, clock.now()),
    urlOfPort: (port) => `http://127.0.0.1:${port}`,
    async close() {
      await listener.close();
      for (const laptop of laptops.values()) await laptop.close();
    },
  };
}
