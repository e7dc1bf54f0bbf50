import type { AgentCatalogue } from '../agents/index.ts';
import type { Definition, Finding, TaskDocument, WorkflowDocument } from '../definition/index.ts';
import { createTaskGraph, type TaskGraph } from './task-graph.ts';

/** What rules look at. */
export interface RuleContext {
  readonly workflow: WorkflowDocument;
  readonly catalogue: AgentCatalogue;
  /** The definition is to run here and now, and not only to be right. */
  readonly forRun: boolean;
  readonly taskIds: ReadonlySet<string>;
  readonly graph: TaskGraph;
}

/** One kind of mistake. It yields its findings one by one, so that nobody pays for more than are shown. */
export type Rule = (context: RuleContext) => Iterable<Finding>;

export function createRuleContext(
  { workflow }: Definition,
  options: { catalogue: AgentCatalogue; forRun: boolean },
): RuleContext {
  return {
    workflow,
    ...options,
    taskIds: new Set(workflow.tasks.map(({ id }) => id)),
    graph: createTaskGraph(workflow.tasks),
  };
}

/** The way to a task's key. */
export function taskPath(index: number, ...rest: readonly (string | number)[]): readonly (string | number)[] {
  return ['workflow', 'tasks', index, ...rest];
}

/** A rule about tasks one by one. */
export function forEachTask(
  rule: (task: TaskDocument, index: number, context: RuleContext) => Iterable<Finding>,
): Rule {
  return function* (context) {
    for (const [index, task] of context.workflow.tasks.entries()) yield* rule(task, index, context);
  };
}
