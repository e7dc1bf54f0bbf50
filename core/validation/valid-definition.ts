import type { AgentType } from '../agents/index.ts';
import type { Definition } from '../definition/index.ts';

declare const validated: unique symbol;

/**
 * A definition that validation found no error in, together with the agent types that it uses. Every task of it has an agent:
 * the other kinds are known to the language, and this version does not plan them.
 */
export interface ValidDefinition {
  readonly definition: Definition;
  /** By name; only those that the workflow's agents use. */
  readonly agentTypes: { readonly [name: string]: AgentType };
  /** Of the workflow document and these agent types: equal content, equal digest, whatever the text looked like. */
  readonly digest: string;
  readonly [validated]: true;
}
