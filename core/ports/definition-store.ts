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
  /** The linked machines of its parts, by number, where one machine could not hold everything. */
  readonly parts?: readonly Json[];
  /** The agent types that the plan uses, by name. */
  readonly agentTypes: { readonly [name: string]: AgentType };
  /** Epoch milliseconds. */
  readonly publishedAt: number;
  /** Of a file that was edited and run again: what an execution needs is kept, and only who names the version finds it. */
  readonly isDraft?: true;
}

/** A version as lists show it. */
export type PublishedVersion = Pick<PublishedWorkflow, 'name' | 'version' | 'digest' | 'publishedAt'>;

export interface DefinitionStore {
  /**
   * Publishes a version; the same content again is the same. Throws ConflictError (`version_exists`) when (name, version)
   * holds other content.
   */
  publish(workflow: PublishedWorkflow): Promise<void>;
  find(name: string, version: string): Promise<PublishedWorkflow | undefined>;
  /** The one that was published last, by `publishedAt`, then by version; drafts do not count. */
  findLatest(name: string): Promise<PublishedWorkflow | undefined>;
  /** All but drafts, by name, then oldest first. */
  list(): Promise<readonly PublishedVersion[]>;
}
