import type { CompiledWorkflow, Publication } from '../compiler/index.ts';
import type { AgentRuntimeKind } from '../core/agents/index.ts';
import type { PlanDefaults } from '../core/plan/index.ts';
import type {
  AgentTypeStore,
  ApiKeyStore,
  BlobStore,
  Clock,
  DefinitionStore,
  IdempotencyStore,
  Ids,
  LedgerStore,
  ViewStore,
} from '../core/ports/index.ts';
import type { Engine } from '../engine/index.ts';

/** What people, agents and programs ask of executions. */
export type Executions = Pick<
  Engine,
  | 'start'
  | 'cancel'
  | 'pause'
  | 'unpause'
  | 'publish'
  | 'listApprovals'
  | 'decide'
  | 'confirmDecision'
  | 'intervene'
  | 'listBreakers'
  | 'findBreaker'
  | 'resetBreaker'
  | 'listCaches'
  | 'clearCache'
  | 'listPools'
  | 'findPool'
  | 'listRates'
  | 'changeInstance'
  | 'listCompensations'
  | 'resolveCompensation'
  | 'listIncidents'
  | 'getIncident'
  | 'redriveIncident'
  | 'closeIncident'
>;

/** Absent: no limit. */
export interface ResourceLimits {
  readonly instances?: number;
  readonly cores?: number;
  /** Bytes. */
  readonly memory?: number;
}

/** 10,000 agents at work in one workflow: what the engine is measured with. */
export const usualLimits: ResourceLimits = { instances: 10_000 };

/** Everything of one tenant that the API reads and asks. Nothing of another tenant can be reached through it. */
export interface TenantServices {
  readonly executions: Executions;
  /** Reads are told to others: they must be durable. */
  readonly ledger: Pick<
    LedgerStore,
    | 'findControl'
    | 'findExecution'
    | 'findLimit'
    | 'listControls'
    | 'listEvents'
    | 'listParked'
    | 'listTasks'
    | 'listOpenExecutions'
  >;
  readonly definitions: Pick<DefinitionStore, 'find' | 'findLatest' | 'list'>;
  readonly views: Pick<ViewStore, 'find' | 'list'>;
  readonly blobs: Pick<BlobStore, 'get'>;
  readonly agentTypes: AgentTypeStore;
  readonly apiKeys: ApiKeyStore;
  readonly idempotency: IdempotencyStore;
  /** Publishes a version. Throws ConflictError (`version_exists`). */
  readonly publish: (compiled: CompiledWorkflow) => Promise<Publication>;
  /** Agents of these runtimes can be called here. */
  readonly runtimes: readonly AgentRuntimeKind[];
  /** The absolute path of a local agent's module. */
  readonly resolveModule: (module: string) => string;
  /** Executions that may go on at once. */
  readonly maxExecutions: number;
  /** For definitions that say nothing. */
  readonly defaults: PlanDefaults;
  /** What the agents of one workflow may need at the most. */
  readonly limits: ResourceLimits;
  readonly clock: Clock;
  readonly ids: Ids;
  /** 256 random bits as text. */
  readonly newSecret: () => string;
}
