import type { WorkflowDocument } from '../definition/index.ts';
import type { Plan } from '../plan/index.ts';
import { createFindWay } from './find-way.ts';
import type { Gap } from './gap.ts';
import { graphOfPlan } from './graph-of-plan.ts';
import { effectsLeft } from './left.ts';
import { wrongOrder } from './order.ts';
import { pivotsPassed } from './pivots.ts';
import { keepersOf, type Question } from './question.ts';
import { tooLarge, workflowGaps } from './workflow-gaps.ts';

/** What can be said of a saga before anything runs. */
export interface SagaProof {
  /** `proved`: whenever an execution fails, is cancelled or times out, all that its tasks did is undone in order, or lies before a pivot. */
  readonly verdict: 'proved' | 'gaps';
  /** Tasks that change something outside, as far as anybody knows. */
  readonly effects: number;
  /** Those of them that say how they are undone. */
  readonly compensated: number;
  readonly pivots: readonly string[];
  /** In the order of the graph. */
  readonly gaps: readonly Gap[];
}

/** Undefined for a workflow without a saga: nobody has said that anything would be undone. */
export function proveSaga(workflow: WorkflowDocument, plan: Plan): SagaProof | undefined {
  const saga = workflow.fault_tolerance?.saga_pattern;
  if (!saga || saga.compensation_enabled === false) return undefined;
  const graph = graphOfPlan(workflow, plan);
  const obstacle = tooLarge(graph, saga.on_compensation_failure === 'continue');
  const gaps = obstacle ? [obstacle] : gapsOf({ graph, saga, onFailure: plan.onFailure });
  const effects = once(graph.nodes.filter(({ effect }) => effect));
  return {
    verdict: gaps.length === 0 ? 'proved' : 'gaps',
    effects: effects.length,
    compensated: once(graph.nodes.filter(({ effect }) => (effect?.undone.length ?? 0) > 0)).length,
    pivots: once(graph.nodes.filter(({ isPivot }) => isPivot)),
    gaps,
  };
}

function gapsOf(asked: Pick<Question, 'graph' | 'saga' | 'onFailure'>): readonly Gap[] {
  const question = { ...asked, findWay: createFindWay(asked.graph), keepers: keepersOf(asked.graph) };
  return [...workflowGaps(question), ...effectsLeft(question), ...wrongOrder(question), ...pivotsPassed(question)];
}

function once(nodes: readonly { readonly task: string }[]): readonly string[] {
  return [...new Set(nodes.map(({ task }) => task))];
}
