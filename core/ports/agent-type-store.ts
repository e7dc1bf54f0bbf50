import type { AgentType } from '../agents/index.ts';

/** An agent type as it was registered for a tenant. */
export interface RegisteredAgentType {
  readonly agentType: AgentType;
  /** Epoch milliseconds. */
  readonly registeredAt: number;
  /** Who registered it, as their token says. */
  readonly registeredBy: string;
}

/**
 * The agent types that definitions are compiled with. A version keeps those that it was published with: registering another one
 * under the same name changes nothing that was published.
 */
export interface AgentTypeStore {
  /** In place of an earlier one of the same name. */
  put(registered: RegisteredAgentType): Promise<void>;
  find(name: string): Promise<RegisteredAgentType | undefined>;
  /** By name. */
  list(): Promise<readonly RegisteredAgentType[]>;
  /** False: there is none of this name. */
  remove(name: string): Promise<boolean>;
}
