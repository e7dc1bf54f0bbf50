import type { Stores } from '../local/index.ts';
import {
  createMemoryAgentTypeStore,
  createMemoryApiKeyStore,
  createMemoryIdempotencyStore,
} from '../adapters/embedded/index.ts';
import { readHandle } from '../core/agents/index.ts';
import type { AgentRuntime, Clock, Ids, LedgerStore, TaskTokens, Timers } from '../core/ports/index.ts';
import { createEngine } from '../engine/index.ts';
import { createBackground } from '../functions/background.ts';
import type { Runtime, TenantRuntime, TenantStores } from '../functions/runtime.ts';
import { mortal, type Life } from './lives.ts';
import type { Nemesis } from './nemesis.ts';

export const TENANT = 'simulated';

/** What all containers share, because it outlives them. */
export interface Services {
  readonly stores: Stores;
  readonly ledger: LedgerStore;
  readonly views: Stores['views'];
  readonly runner: TenantRuntime['runner'];
  readonly tokens: TaskTokens;
  readonly timersAt: (clock: Clock) => Timers;
  readonly agents: AgentRuntime;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly nemesis: Nemesis;
}

/** A process that runs one function at a time, with a clock and a memory of its own. */
export interface Container {
  readonly life: Life;
  readonly runtime: Runtime;
}

/** Milliseconds by which a clock may be off, either way. */
const FARTHEST = 5 * 60_000;
/** Tokens remembered, as a deployment does. */
const TOKENS_KEPT = 1_000;

const report = { error: () => undefined, info: () => undefined, count: () => undefined };

export function createContainer(services: Services): Container {
  const { nemesis, stores, ids } = services;
  const life: Life = { deeds: Infinity, isDead: false };
  const world = { life, nemesis };
  const off = nemesis.strikes('clock_off', 'container');
  const clock = off ? skewed(services.clock, (off.amount * 2 - 1) * FARTHEST) : services.clock;
  const background = createBackground();
  const answered = new Set<string>();
  const tenantStores: TenantStores = {
    ...stores,
    ledger: mortal(services.ledger, 'ledger', world),
    views: mortal(services.views, 'views', world),
    machines: {
      markRunnable: async () => undefined,
      findMachines: async () => ({ machineArn: 'simulated', partArns: [] }),
    },
    agentTypes: createMemoryAgentTypeStore(),
    apiKeys: createMemoryApiKeyStore(),
    idempotency: createMemoryIdempotencyStore(),
  };
  const runner = mortal(services.runner, 'machines', world);
  const timers = mortal(services.timersAt(clock), 'timers', world);
  const tokens = rememberingAnswers(mortal(services.tokens, 'tokens', world), answered);
  const engine = createEngine({
    ...tenantStores,
    tenant: TENANT,
    // All containers share the fate of calls, as on Lambda.
    engineId: 'eng_simulated',
    handleSecret: stores.handleSecret,
    agents: mortalAgents(services.agents, world),
    machines: runner,
    tokens,
    timers,
    bus: { publish: () => undefined },
    clock,
    ids,
    later: (run) => run(),
    aside: background.add,
    onError: () => undefined,
  });
  const served: TenantRuntime = { tenant: TENANT, stores: tenantStores, runner, timers, engine };
  const runtime: Runtime = {
    forTenant: async () => served,
    listTenants: async () => [TENANT],
    tenantOf: async (handle) => readHandle(stores.handleSecret, handle)?.tenant,
    hasAnswered: (token) => answered.has(token),
    clock,
    ids,
    background,
    report,
  };
  return { life, runtime };
}

function skewed(clock: Clock, by: number): Clock {
  const offset = Math.round(by);
  return { now: () => clock.now() + offset };
}

function rememberingAnswers(tokens: TaskTokens, answered: Set<string>): TaskTokens {
  const remembering = async (token: string, answering: Promise<boolean>): Promise<boolean> => {
    const isWaiting = await answering;
    if (answered.size >= TOKENS_KEPT) answered.clear();
    if (isWaiting) answered.add(token);
    return isWaiting;
  };
  return {
    succeed: (token, output) => remembering(token, tokens.succeed(token, output)),
    fail: (token, error, cause) => remembering(token, tokens.fail(token, error, cause)),
  };
}

/** What its runtimes are asked for at once is in this process; only calls leave it. */
function mortalAgents(agents: AgentRuntime, world: Parameters<typeof mortal>[2]): AgentRuntime {
  const leaving = mortal<Pick<AgentRuntime, 'call' | 'cancel'>>(
    { call: (call) => agents.call(call), cancel: (handle, why) => agents.cancel(handle, why) },
    'agents',
    world,
  );
  return { ...agents, ...leaving };
}
