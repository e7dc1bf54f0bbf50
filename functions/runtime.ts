import type { MachineRegistry, StepFunctionsMachineRunner } from '../adapters/aws/index.ts';
import type { Handle } from '../core/ids/index.ts';
import type {
  AgentTypeStore,
  ApiKeyStore,
  BlobStore,
  Clock,
  DefinitionStore,
  IdempotencyStore,
  Ids,
  LedgerStore,
  Timers,
  ViewStore,
} from '../core/ports/index.ts';
import type { Engine } from '../engine/index.ts';
import type { Background } from './background.ts';
import type { Report } from './report.ts';

/** All that is recorded of one tenant. */
export interface TenantStores {
  readonly ledger: LedgerStore;
  readonly blobs: BlobStore;
  readonly definitions: DefinitionStore;
  readonly views: ViewStore;
  readonly machines: MachineRegistry;
  readonly agentTypes: AgentTypeStore;
  readonly apiKeys: ApiKeyStore;
  readonly idempotency: IdempotencyStore;
}

export interface TenantRuntime {
  readonly tenant: string;
  readonly stores: TenantStores;
  readonly runner: StepFunctionsMachineRunner;
  readonly timers: Timers;
  readonly engine: Engine;
}

/** What a function has while its container lives: made at its start, kept for all its events. */
export interface Runtime {
  forTenant(tenant: string): Promise<TenantRuntime>;
  /** Everybody who has ever been served. */
  listTenants(): Promise<readonly string[]>;
  /** Of a handle that we have signed; undefined for any other text. */
  tenantOf(handle: Handle): Promise<string | undefined>;
  /** Whether the state that waits with this token has had its answer from here. */
  hasAnswered(token: string): boolean;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly background: Background;
  readonly report: Report;
}
