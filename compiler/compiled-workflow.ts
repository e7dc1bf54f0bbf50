import type { AgentType } from '../core/agents/index.ts';
import type { SourceText } from '../core/definition/index.ts';
import type { Plan } from '../core/plan/index.ts';
import type { SagaProof } from '../core/saga-proof/index.ts';
import type { Figure, Machine, Measures, PartMachine } from '../statemachines/index.ts';

/** What a compile gives and a runtime publishes. */
export interface CompiledWorkflow {
  readonly plan: Plan;
  /** Not linked: only a runtime knows its functions' names. */
  readonly machine: Machine;
  /** The machines that it starts parts of the execution in, by number; absent: none. Not linked either. */
  readonly parts?: readonly PartMachine[];
  /** The agent types that the plan uses, by name. */
  readonly agentTypes: { readonly [name: string]: AgentType };
  /** Child workflows that are not published yet; absent: none. Those of children are with the children. */
  readonly children?: readonly CompiledWorkflow[];
}

/** A workflow that was compiled from a text, with what is known of its machines. */
export interface MeasuredWorkflow extends CompiledWorkflow {
  /** The definition's text, in which more may be found. */
  readonly source: SourceText;
  /** None where one machine holds everything. */
  readonly parts: readonly PartMachine[];
  readonly figures: readonly Figure[];
  readonly transitions: Measures['transitions'];
  /** Whether its saga undoes what it does; absent: it has none. */
  readonly saga?: SagaProof;
}
