import type { MachineStatus } from '../../adapters/aws/index.ts';
import {
  createMemoryAgentTypeStore,
  createMemoryApiKeyStore,
  createMemoryBlobStore,
  createMemoryDefinitionStore,
  createMemoryIdempotencyStore,
  createMemoryLedgerStore,
  createMemoryViewStore,
  createSeededIds,
} from '../../adapters/embedded/index.ts';
import type { RunnableMachines } from '../../adapters/aws/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Timer } from '../../core/ports/index.ts';
import type { Engine } from '../../engine/index.ts';
import { createBackground } from '../../functions/background.ts';
import type { Metric } from '../../functions/report.ts';
import type { Runtime, TenantRuntime, TenantStores } from '../../functions/runtime.ts';
import { createSimulatedClock } from '../makers/simulated-clock.ts';

export function memoryTenantStores(): TenantStores {
  const machines = new Map<string, RunnableMachines>();
  return {
    ledger: createMemoryLedgerStore(),
    blobs: createMemoryBlobStore(),
    definitions: createMemoryDefinitionStore(),
    views: createMemoryViewStore(),
    machines: {
      markRunnable: async (name, version, made) => void machines.set(`${name} ${version}`, made),
      findMachines: async (name, version) => machines.get(`${name} ${version}`),
    },
    agentTypes: createMemoryAgentTypeStore(),
    apiKeys: createMemoryApiKeyStore(),
    idempotency: createMemoryIdempotencyStore(),
  };
}

/** A runtime of one tenant, `acme`, whose engine is as much of one as the test says. */
export function createFakeRuntime(engine: Partial<Engine> = {}) {
  const clock = createSimulatedClock();
  const stores = memoryTenantStores();
  const sent: { readonly timer: Timer; readonly at: number }[] = [];
  const counted: Partial<Record<Metric, number>> = {};
  const errors: unknown[] = [];
  const started: string[] = [];
  const stopped: string[] = [];
  const statuses = new Map<string, MachineStatus>();
  const running: ExecutionId[] = [];
  const served: TenantRuntime = {
    tenant: 'acme',
    stores,
    // The functions ask no more of it than the test gives.
    engine: engine as Engine,
    timers: { schedule: async (timer, at) => void sent.push({ timer, at }) },
    runner: {
      start: async (id) => void started.push(id),
      stop: async (id) => void stopped.push(id),
      startWaiting: async () => 0,
      statusOf: async (id) => statuses.get(id) ?? 'running',
      listRunning: async () => running,
    },
  };
  const answered = new Set<string>();
  const tenants: string[] = [];
  const runtime: Runtime = {
    forTenant: async (tenant) => {
      tenants.push(tenant);
      return served;
    },
    listTenants: async () => ['acme'],
    tenantOf: async (handle) => (handle.startsWith('hdl_') ? 'acme' : undefined),
    hasAnswered: (token) => answered.has(token),
    clock,
    ids: createSeededIds(3),
    background: createBackground(),
    report: {
      error: (_message, error) => void errors.push(error),
      info: () => undefined,
      count: (metric, value = 1) => void (counted[metric] = (counted[metric] ?? 0) + value),
    },
  };
  return { runtime, stores, clock, sent, counted, errors, started, stopped, statuses, running, answered, tenants };
}
