import type { Gap } from './gap.ts';
import { notPassed, type Question } from './question.ts';
import type { Fate, SagaGraph } from './saga-graph.ts';

const saga = ['workflow', 'fault_tolerance', 'saga_pattern'] as const;

/** What is amiss with the saga as a whole. */
export function* workflowGaps(question: Question): Generator<Gap> {
  if (question.saga.rollback_on_failure === false && somethingToUndo(question)) yield rollbackOff;
}

/** Every effect is looked at for each pivot, and in this many nodes in pairs. */
const MOST_PIVOTS = 50;
const MOST_PAIRED = 3_000;

/** Why the proof is not attempted; undefined: it is. */
export function tooLarge({ nodes, isWhole }: SagaGraph, continues: boolean): Gap | undefined {
  const pivots = nodes.filter(({ isPivot }) => isPivot).length;
  const isPaired = pivots > 0 || continues;
  if (isWhole && pivots <= MOST_PIVOTS && (!isPaired || nodes.length <= MOST_PAIRED)) return undefined;
  return {
    kind: 'undecided',
    path: saga,
    message: `The workflow is too large for its saga to be proven: ${nodes.length} tasks, iterations, beginnings and ends of containers, and ${pivots} pivots.`,
    fix: `let a part of it be a workflow of its own; with a pivot, or \`on_compensation_failure: continue\`, up to ${MOST_PAIRED} are looked at, and up to ${MOST_PIVOTS} pivots`,
  };
}

const rollbackOff: Gap = {
  kind: 'rollback_off',
  path: [...saga, 'rollback_on_failure'],
  message:
    'Nothing is undone before an operator says so: when the execution fails, is cancelled or times out, all effects stay until then.',
  fix: 'remove `rollback_on_failure: false`',
};

function somethingToUndo({ graph, findWay }: Question): boolean {
  return graph.nodes.some(({ at, effect, isPivot, pivotsBefore }) => {
    if (!effect) return false;
    const wanted = new Map<number, readonly Fate[]>(pivotsBefore.map((pivot) => [pivot, notPassed]));
    wanted.set(at, isPivot ? ['running'] : ['succeeded', 'running']);
    return findWay({ fates: wanted, last: at }) !== undefined;
  });
}
