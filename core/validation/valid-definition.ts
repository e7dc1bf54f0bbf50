import type { AgentType } from '../agents/index.ts';
import type { Definition } from '../definition/index.ts';

declare const validated: unique symbol;

/**
 * A definition that validation found no error in, together with the agent types that it uses. Each of its tasks is of one kind, ids are
 * unique, each region's graph is acyclic, conditions are one expression, a `for_each` has a bound.
 */
export interface ValidDefinition {
  readonly definition: Definition;
  /** By name; only those that the workflow's agents use. */
  readonly agentTypes: { readonly [name: string]: AgentType };
  /** Of the workflow document and these agent types: equal content, equal digest, whatever the text looked like. */
  readonly digest: string;
  readonly [validated]: true;
}
