import { resolve } from 'node:path';
import { createSecret } from '../adapters/embedded/index.ts';
import { usualLimits, type TenantServices } from '../api/index.ts';
import { planDefaultsOf, publishCompiled } from '../compiler/index.ts';
import { usualSettings, type Settings } from '../core/settings/index.ts';
import { executableRuntimes } from '../core/validation/index.ts';
import { durableReads } from './durable-reads.ts';
import type { Inside } from './laptop.ts';
import { embeddedPublishing, TENANT } from './publish-workflow.ts';

interface Tenancy {
  readonly tenant?: string;
  /** What relative paths of modules start from. */
  readonly directory: string;
  readonly settings?: Settings;
}

/** A laptop as the API sees it. */
export function tenantServices(
  { runtime, stores, ids }: Inside,
  { tenant = TENANT, directory, settings = usualSettings }: Tenancy,
): TenantServices {
  const { ledger, definitions, views, blobs, agentTypes, apiKeys, idempotency, clock } = stores;
  return {
    executions: { ...runtime, publish: (event) => runtime.emit(event) },
    ledger: durableReads(ledger),
    definitions,
    views,
    blobs,
    agentTypes,
    apiKeys,
    idempotency,
    publish: (compiled) => publishCompiled(definitions, compiled, embeddedPublishing({ tenant, now: clock.now() })),
    runtimes: executableRuntimes,
    resolveModule: (module) => resolve(directory, module),
    maxExecutions: settings.MAX_CONCURRENT_WORKFLOWS,
    defaults: planDefaultsOf(settings),
    limits: usualLimits,
    clock,
    ids,
    newSecret: createSecret,
  };
}
