import type { AgentDocument, WorkflowDocument } from '../definition/index.ts';
import type { RateSettings } from '../resilience/index.ts';
import { plannedBreaker, type PlannedBreaker } from './planned-breaker.ts';
import { plannedPool, type PlannedPool } from './planned-pool.ts';

/** A named doer of the workflow, with every default written out. */
export interface PlannedAgent {
  readonly type: string;
  /** Instances. */
  readonly count: number;
  /** Tasks of one instance at once. */
  readonly maxConcurrentTasks: number;
  readonly capabilities: readonly string[];
  /** CPU cores that one instance needs; absent: the author does not say. */
  readonly cores?: number;
  /** Bytes that one instance needs; absent: the author does not say. */
  readonly memory?: number;
  /** Absent: it is called whatever happens. */
  readonly breaker?: PlannedBreaker;
  /** Absent: it is called as often as tasks want to. */
  readonly rate?: RateSettings;
  /** Absent: its tasks need no slots. */
  readonly pool?: PlannedPool;
}

/** All agents of the document, also those that no task has got. */
export function plannedAgents(workflow: WorkflowDocument): { readonly [name: string]: PlannedAgent } {
  const { agents } = workflow;
  return Object.fromEntries(Object.entries(agents).map(([name, agent]) => [name, plannedAgent(name, agent, workflow)]));
}

function plannedAgent(name: string, agent: AgentDocument, workflow: WorkflowDocument): PlannedAgent {
  const { type, count, max_concurrent_tasks, capabilities, resources, rate_limit: rate } = agent;
  const { cpu, memory } = resources ?? {};
  const breaker = plannedBreaker(agent, workflow);
  const pool = plannedPool(name, agent, workflow);
  return {
    type,
    count: count ?? 1,
    maxConcurrentTasks: max_concurrent_tasks ?? 1,
    capabilities,
    ...(cpu !== undefined && { cores: coresOf(cpu) }),
    ...(memory !== undefined && { memory: bytesOf(memory) }),
    ...(breaker && { breaker }),
    ...(rate && { rate }),
    ...(pool && { pool }),
  };
}

/** `2 cores` → 2. The text begins with a number: its form was checked when the document was parsed. */
function coresOf(cpu: number | string): number {
  return typeof cpu === 'number' ? cpu : Number.parseFloat(cpu);
}

const units: { readonly [unit: string]: number } = {
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};

/** `4GB` → 4,000,000,000. Number and unit, as the document's form wants it. */
function bytesOf(memory: string): number {
  const unit = /[A-Za-z]+$/.exec(memory)?.[0] ?? '';
  return Math.round(Number.parseFloat(memory) * (units[unit] ?? 1));
}
