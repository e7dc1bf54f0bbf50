import type { AgentCatalogue, AgentRuntimeKind } from '../agents/index.ts';
import type { Definition, Finding, WorkflowDocument } from '../definition/index.ts';
import type { ExpressionCheck } from '../expressions/index.ts';
import { createCapabilities, type Capabilities } from './capability.ts';
import { createExpressions, type PlacedExpression } from './expression-places.ts';
import type { KnownValue } from './known-value.ts';
import { createRegions, type PlacedTask, type Regions } from './region.ts';
import type { WorkflowCatalogue } from './workflow-catalogue.ts';

/** What rules look at. */
export interface RuleContext extends Regions {
  readonly workflow: WorkflowDocument;
  readonly catalogue: AgentCatalogue;
  /** The definition is to run here and now, and not only to be right. */
  readonly forRun: boolean;
  /** Agents of these runtimes can be called where it is to run. */
  readonly runtimes: readonly AgentRuntimeKind[];
  /** The workflows that tasks can start; absent: nobody knows. */
  readonly workflows?: WorkflowCatalogue;
  readonly capabilities: Capabilities;
  /** The check of an expression, by its text; each text is checked once. */
  readonly check: (source: string) => ExpressionCheck;
  /** Every expression, in the order of the document. */
  readonly expressions: readonly PlacedExpression[];
  /** What has been found out about outputs so far. */
  readonly outputs: Map<PlacedTask, KnownValue | undefined>;
}

/** One kind of mistake. It yields its findings one by one, so that nobody pays for more than are shown. */
export type Rule = (context: RuleContext) => Iterable<Finding>;

export function createRuleContext(
  { workflow }: Definition,
  options: Pick<RuleContext, 'catalogue' | 'forRun' | 'runtimes' | 'workflows'>,
): RuleContext {
  const regions = createRegions(workflow);
  return {
    workflow,
    ...options,
    ...regions,
    ...createExpressions({ workflow, ...regions }),
    capabilities: createCapabilities(workflow, options.catalogue),
    outputs: new Map(),
  };
}

/** A rule about tasks one by one, of all regions. */
export function forEachTask(rule: (placed: PlacedTask, context: RuleContext) => Iterable<Finding>): Rule {
  return function* (context) {
    for (const placed of context.tasks) yield* rule(placed, context);
  };
}
