import type { AgentCatalogue } from '../agents/index.ts';
import type { Definition, Finding, WorkflowDocument } from '../definition/index.ts';
import { createRegions, type PlacedTask, type Regions } from './region.ts';

/** What rules look at. */
export interface RuleContext extends Regions {
  readonly workflow: WorkflowDocument;
  readonly catalogue: AgentCatalogue;
  /** The definition is to run here and now, and not only to be right. */
  readonly forRun: boolean;
}

/** One kind of mistake. It yields its findings one by one, so that nobody pays for more than are shown. */
export type Rule = (context: RuleContext) => Iterable<Finding>;

export function createRuleContext(
  { workflow }: Definition,
  options: { catalogue: AgentCatalogue; forRun: boolean },
): RuleContext {
  return { workflow, ...options, ...createRegions(workflow) };
}

/** A rule about tasks one by one, of all regions. */
export function forEachTask(rule: (placed: PlacedTask, context: RuleContext) => Iterable<Finding>): Rule {
  return function* (context) {
    for (const placed of context.tasks) yield* rule(placed, context);
  };
}
