import type { AgentType } from '../agents/index.ts';
import type { Json } from '../json/index.ts';
import type { Plan } from '../plan/index.ts';

/** A workflow version as it was compiled: all that the engine needs to run it. */
export interface PublishedWorkflow {
  readonly name: string;
  readonly version: string;
  /** Digest of the definition's content. */
  readonly digest: string;
  readonly plan: Plan;
  /** The linked machine (ASL). */
  readonly machine: Json;
  /** The agent types that the plan uses, by name. */
  readonly agentTypes: { readonly [name: string]: AgentType };
  /** Epoch milliseconds. */
  readonly publishedAt: number;
}

export interface DefinitionStore {
  /**
   * Publishes a version; the same content again is the same. Throws ConflictError (`version_exists`) when (name, version)
   * holds other content.
   */
  publish(workflow: PublishedWorkflow): Promise<void>;
  find(name: string, version: string): Promise<PublishedWorkflow | undefined>;
}
