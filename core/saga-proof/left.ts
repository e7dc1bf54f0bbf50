import { leftWords } from './words.ts';
import type { Doubt, Gap, GapKind } from './gap.ts';
import { notPassed, onlyAfter, scenarioOf, upstreamOf, type Question } from './question.ts';
import type { Effect, Fate, SagaNode } from './saga-graph.ts';

/**
 * Effects that nothing undoes. A task that runs can be stopped, so that the moment right after it, or in the middle of it, is
 * always one in which the execution can end: it is enough to ask whether it can run while no pivot before it has been passed. Past a pivot
 * the saga goes forward, and what was done stays.
 */
export function* effectsLeft(question: Question): Generator<Gap> {
  const { nodes } = question.graph;
  const forward = nodes.filter(({ isPivot }) => isPivot).map(({ at }) => onlyAfter(question.graph, at));
  const told = new Set<string>();
  for (const node of nodes) {
    if (forward.some((after) => after.has(node.at))) continue;
    for (const doubt of doubtsOf(node, question)) {
      const key = `${doubt.kind} ${node.task}`;
      if (told.has(key)) continue;
      const gap = gapOf(node, doubt, question);
      if (!gap) continue;
      told.add(key);
      yield gap;
    }
  }
}

function doubtsOf(node: SagaNode, { graph }: Question): readonly Doubt[] {
  const { effect, isPivot, isTolerated, toleratesItems, mayFail } = node;
  if (!effect) return [];
  const left = leftOf(effect, isPivot);
  const [first] = left;
  if (effect.undone.length === 0) return first === undefined ? [] : [{ kind: kindOf(effect), fate: first }];
  const doubts: Doubt[] = effect.reads.flatMap((at): Doubt[] => {
    const read = graph.nodes[at];
    return read ? [{ kind: 'reads_absent', fate: 'succeeded', read }] : [];
  });
  if (left.includes('running')) doubts.push({ kind: 'reads_own_output', fate: 'running' });
  if (left.includes('failed') && mayFail && !effect.undoesFailure)
    doubts.push({ kind: 'failure_not_undone', fate: 'failed' });
  else if (isTolerated && mayFail) doubts.push({ kind: 'failure_tolerated', fate: 'failed' });
  else if (toleratesItems) doubts.push({ kind: 'failure_tolerated', fate: 'succeeded' });
  return doubts;
}

/** A pivot that has succeeded is what the saga goes forward from. */
function leftOf({ left }: Effect, isPivot: boolean): readonly Fate[] {
  return left.filter((fate) => !isPivot || fate !== 'succeeded');
}

function kindOf({ kind }: Effect): GapKind {
  return kind === 'call' ? 'no_compensation' : kind;
}

function gapOf(node: SagaNode, doubt: Doubt, question: Question): Gap | undefined {
  const wanted = new Map<number, readonly Fate[]>(node.pivotsBefore.map((pivot) => [pivot, notPassed]));
  wanted.set(node.at, [doubt.fate]);
  if (doubt.kind === 'failure_tolerated') succeeding(wanted, node, question);
  if (doubt.read) wanted.set(doubt.read.at, notPassed);
  const way = question.findWay({ fates: wanted, last: node.at });
  if (!way) return undefined;
  const words = leftWords(node, doubt);
  if (way === 'undecided') return { ...words, kind: 'undecided' };
  const ending =
    doubt.kind === 'failure_tolerated'
      ? 'success'
      : doubt.fate === 'failed' && !node.isTolerated
        ? 'failure'
        : 'cancel';
  return { ...words, kind: doubt.kind, scenario: scenarioOf(question, way, { ending, by: node, left: [node] }) };
}

/** All before it has settled, and nothing has failed that may not fail alone: the execution can still succeed. */
function succeeding(wanted: Map<number, readonly Fate[]>, node: SagaNode, { graph }: Question): void {
  for (const at of upstreamOf(graph, node.at)) {
    const before = graph.nodes[at];
    if (!before?.isTask) continue;
    const ends: readonly Fate[] = before.isTolerated ? [...settledWell, 'failed'] : settledWell;
    wanted.set(at, wanted.get(at)?.filter((fate) => ends.includes(fate)) ?? ends);
  }
}

/** `waiting`: in a container that never opened. */
const settledWell: readonly Fate[] = ['succeeded', 'skipped', 'upstream_failed', 'waiting'];
