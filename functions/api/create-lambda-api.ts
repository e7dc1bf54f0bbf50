import type { JWTVerifyGetKey } from 'jose';
import type { MachineNames, MachineRequests } from '../../adapters/aws/index.ts';
import { createApi, createAuthenticator, routes, usualLimits, type TenantServices } from '../../api/index.ts';
import { publishCompiled } from '../../compiler/index.ts';
import type { PlanDefaults } from '../../core/plan/index.ts';
import type { Runtime, TenantRuntime, TenantStores } from '../runtime.ts';
import { storeView } from '../store-view.ts';

export interface LambdaApiDeps {
  readonly runtime: Runtime;
  /** Of any tenant, also of one that nobody has served yet: who shows an API key has not proven anything. */
  readonly stores: (tenant: string) => Pick<TenantStores, 'apiKeys'>;
  readonly requests: MachineRequests;
  readonly namesOf: (tenant: string) => MachineNames;
  /** ARNs of what machines call. */
  readonly functions: { readonly begin: string; readonly dispatch: string; readonly conclude: string };
  readonly issuer: { readonly issuer: string; readonly audience: string; readonly keys: JWTVerifyGetKey };
  readonly maxExecutions: number;
  readonly defaults: PlanDefaults;
  readonly newSecret: () => string;
  /** Of the engine. */
  readonly version: string;
  /** Where callers reach it, without a slash at the end; absent: where the request was sent to. */
  readonly publicUrl?: string;
}

/** The route table, served for every tenant that a token or a key names. */
export function createLambdaApi(deps: LambdaApiDeps) {
  const { runtime, stores, issuer, version, publicUrl } = deps;
  const { clock, report } = runtime;
  return createApi(routes, {
    authenticate: createAuthenticator({ ...issuer, apiKeys: async (tenant) => stores(tenant).apiKeys, clock }),
    forTenant: async (tenant) => servicesOf(deps, await runtime.forTenant(tenant)),
    answersTo: async (handle) => {
      const tenant = await runtime.tenantOf(handle);
      return tenant === undefined ? undefined : (await runtime.forTenant(tenant)).engine.answers;
    },
    // One item, of nobody: the route is open to everybody, and must cost nothing.
    state: { version, checks: { table: () => stores('').apiKeys.find('none') } },
    ...(publicUrl !== undefined && { publicUrl }),
    onError: (error) => report.error('a request failed', error),
  });
}

function servicesOf(deps: LambdaApiDeps, { tenant, stores, engine }: TenantRuntime): TenantServices {
  const { runtime, requests, namesOf, functions, maxExecutions, defaults, newSecret, publicUrl } = deps;
  const { clock, ids } = runtime;
  const names = namesOf(tenant);
  return {
    ...stores,
    executions: {
      ...engine,
      // The first view at once: whoever has started an execution finds it, and so does who looks for views that were left behind.
      start: async (request, id) => {
        const started = await engine.start(request, id);
        await storeView(stores, started);
        return started;
      },
    },
    publish: async (compiled) => {
      const publication = await publishCompiled(stores.definitions, compiled, {
        tenant,
        now: clock.now(),
        functions,
        partName: (version, part) => names.arnOf(version, part),
      });
      const { name: workflow, version } = publication.published;
      await requests.send({ tenant, workflow, version });
      return publication;
    },
    runtimes: publicUrl === undefined ? ['lambda', 'human'] : ['lambda', 'human', 'http'],
    resolveModule: (module) => module,
    maxExecutions,
    defaults,
    limits: usualLimits,
    clock,
    ids,
    newSecret,
  };
}
