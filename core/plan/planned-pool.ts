import type { AgentDocument, WorkflowDocument } from '../definition/index.ts';
import type { PoolSettings, PoolStrategy } from '../resilience/index.ts';

/** Where tasks of an agent get their slots. */
export interface PlannedPool extends PoolSettings {
  /** All workflows of a tenant that name it share it; `workflow.agent`, which no author can write, for an agent's own. */
  readonly name: string;
}

/** Slots of instances that are all alike: whichever has most room. */
const STRATEGY: PoolStrategy = 'least_loaded';

/**
 * The pool that an agent shares, or one of its own where its author says how much one instance can do; undefined: it is called as often as
 * tasks want to. `count` alone makes no pool: it says how wide a fan-out is.
 */
export function plannedPool(
  agentName: string,
  { pool: shared, count = 1, max_concurrent_tasks: each }: AgentDocument,
  { name, resource_pools }: WorkflowDocument,
): PlannedPool | undefined {
  if (shared === undefined) {
    if (each === undefined) return undefined;
    return { name: `${name}.${agentName}`, capacity: count * each, instances: count, strategy: STRATEGY };
  }
  const pool = resource_pools?.[shared];
  if (!pool) return undefined;
  const { capacity, strategy = STRATEGY, max_queue: maxQueue } = pool;
  return { name: shared, capacity, instances: capacity, strategy, ...(maxQueue !== undefined && { maxQueue }) };
}
