import type { Gap } from './gap.ts';
import { notPassed, scenarioOf, upstreamOf, type Question } from './question.ts';
import type { Fate, SagaNode } from './saga-graph.ts';
import { orderWords } from './words.ts';

/**
 * Effects that are undone while what came after them stays. The engine goes backwards by the graph, so that this can only happen where
 * the later one is not undone at all: past a pivot it need not be, and with `continue` its compensation may have failed.
 */
export function* wrongOrder(question: Question): Generator<Gap> {
  for (const later of question.graph.nodes) {
    const gap = laterStays(later, question);
    if (gap) yield gap;
  }
  if (question.saga.on_compensation_failure === 'continue') yield* afterFailure(question).take(1);
}

/** Whether the later one can stay because a pivot before it was passed, while an earlier one, which that pivot does not come after, is undone. */
function laterStays(later: SagaNode, question: Question): Gap | undefined {
  if (!later.effect || later.pivotsBefore.length === 0) return undefined;
  for (const stays of waysToStay(later)) {
    for (const earlier of undoneBefore(later, question)) {
      for (const pivot of later.pivotsBefore) {
        if (question.keepers[earlier.at]?.includes(pivot)) continue;
        const wanted = wishOf(earlier, question);
        for (const [at, fates] of stays) narrow(wanted, at, fates);
        narrow(wanted, pivot, ['succeeded']);
        const way = question.findWay({ fates: wanted, last: later.at });
        if (!way) continue;
        const words = orderWords(earlier, later);
        if (way === 'undecided') return { ...words, kind: 'undecided' };
        const scenario = scenarioOf(question, way, { ending: 'cancel', by: later, left: [later] });
        return { ...words, kind: 'undone_under', scenario };
      }
    }
  }
  return undefined;
}

/** What must have become of which nodes so that nothing undoes the effect. */
function waysToStay({ at, effect, isPivot }: SagaNode): readonly ReadonlyMap<number, readonly Fate[]>[] {
  if (!effect) return [];
  const left = effect.left.filter((fate) => !isPivot || fate !== 'succeeded');
  const unread = effect.reads.map(
    (read) =>
      new Map<number, readonly Fate[]>([
        [at, effect.undone],
        [read, notPassed],
      ]),
  );
  return left.length > 0 ? [new Map([[at, left]]), ...unread] : unread;
}

function* undoneBefore(later: SagaNode, { graph }: Question): Generator<SagaNode> {
  for (const at of upstreamOf(graph, later.at)) {
    const node = graph.nodes[at];
    if (node?.effect && node.effect.undone.length > 0) yield node;
  }
}

/** It is in the set to undo, and its compensation has what it reads. */
function wishOf({ at, effect }: SagaNode, { keepers }: Question): Map<number, readonly Fate[]> {
  const wanted = new Map<number, readonly Fate[]>([[at, effect?.undone ?? []]]);
  for (const pivot of keepers[at] ?? []) narrow(wanted, pivot, notPassed);
  for (const read of effect?.reads ?? []) narrow(wanted, read, ['succeeded']);
  return wanted;
}

function narrow(wanted: Map<number, readonly Fate[]>, at: number, fates: readonly Fate[]): void {
  const known = wanted.get(at);
  wanted.set(at, known ? known.filter((fate) => fates.includes(fate)) : fates);
}

/** A compensation may fail for good, whatever it does. */
function* afterFailure(question: Question): Generator<Gap> {
  for (const later of question.graph.nodes) {
    if (!later.effect || later.effect.undone.length === 0) continue;
    for (const earlier of undoneBefore(later, question)) {
      const wanted = wishOf(earlier, question);
      for (const [at, fates] of wishOf({ ...later, effect: { ...later.effect, reads: [] } }, question))
        narrow(wanted, at, fates);
      const way = question.findWay({ fates: wanted, last: later.at });
      if (!way || way === 'undecided') continue;
      const { message, fix } = orderWords(earlier, later);
      yield {
        kind: 'undone_after_failure',
        task: earlier.task,
        path: ['workflow', 'fault_tolerance', 'saga_pattern', 'on_compensation_failure'],
        message: `When the compensation of \`${later.name}\` fails for good, \`${earlier.name}\` is undone all the same: ${message}`,
        fix,
        scenario: scenarioOf(question, way, { ending: 'compensation_failure', by: later, left: [later] }),
      };
    }
  }
}
