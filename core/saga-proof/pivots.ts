import type { Way } from './find-way.ts';
import type { Gap } from './gap.ts';
import { notPassed, scenarioOf, settledBefore, type Question } from './question.ts';
import type { Fate, SagaNode } from './saga-graph.ts';
import { pivotWords } from './words.ts';

/**
 * Failures that leave the saga between back and forward: a pivot has been passed, so that what lies before it stays, and something else
 * fails for good, so that the rest is never done. Past a pivot a task is taken to succeed in the end when every error is retried.
 */
export function* pivotsPassed(question: Question): Generator<Gap> {
  const { nodes } = question.graph;
  const pivots = nodes
    .filter(({ isPivot }) => isPivot)
    .map((pivot) => ({ pivot, settled: settledBefore(question.graph, pivot.at) }));
  const told = new Set<string>();
  for (const failing of nodes) {
    if (!failing.mayFail || failing.isTolerated || told.has(failing.task)) continue;
    const gap = firstGap(pivots, failing, question);
    if (!gap) continue;
    told.add(failing.task);
    yield gap;
  }
}

interface Passed {
  readonly pivot: SagaNode;
  /** What runs no more once it has been passed. */
  readonly settled: ReadonlySet<number>;
}

function firstGap(pivots: readonly Passed[], failing: SagaNode, question: Question): Gap | undefined {
  for (const { pivot, settled } of pivots) {
    if (settled.has(failing.at) && question.onFailure !== 'continue') continue;
    const gap = failing === pivot ? undefined : failsPast(pivot, failing, question);
    if (gap) return gap;
  }
  return undefined;
}

function failsPast(pivot: SagaNode, failing: SagaNode, question: Question): Gap | undefined {
  const isAfter = failing.pivotsBefore.includes(pivot.at);
  const way = isAfter && failing.isRetried ? failsEarly(pivot, failing, question) : failsLate(pivot, failing, question);
  if (!way) return undefined;
  const kind = isAfter && !failing.isRetried ? 'fails_after_pivot' : 'fails_beside_pivot';
  const words = pivotWords(pivot, failing, kind);
  if (way === 'undecided') return { ...words, kind: 'undecided' };
  return { ...words, kind, scenario: scenarioOf(question, way, { ending: 'failure', by: failing, left: [pivot] }) };
}

/** It fails when the pivot has been passed, or while what passes it still runs. */
function failsLate(
  pivot: SagaNode,
  failing: SagaNode,
  { findWay, onFailure }: Question,
): Way | 'undecided' | undefined {
  const wanted = new Map<number, readonly Fate[]>();
  if (failing.isRetried) for (const before of failing.pivotsBefore) wanted.set(before, notPassed);
  wanted.set(pivot.at, ['succeeded']);
  wanted.set(failing.at, onFailure === 'continue' ? ['running', 'failed'] : ['running']);
  return findWay({ fates: wanted });
}

/**
 * Tried again to the end once the pivot has been passed, but it does not wait for that: it lost a race, or something before it
 * could not run. It fails while the pivot is on its way, which then is passed all the same.
 */
function failsEarly(
  pivot: SagaNode,
  failing: SagaNode,
  { findWay, onFailure }: Question,
): Way | 'undecided' | undefined {
  const wanted = new Map<number, readonly Fate[]>(failing.pivotsBefore.map((before) => [before, notPassed]));
  wanted.set(pivot.at, onFailure === 'continue' ? ['running', 'waiting'] : ['running']);
  wanted.set(failing.at, ['running']);
  const way = findWay({ fates: wanted });
  // Where the others go on, the pivot may also begin later: if it can still be passed then.
  const passes = new Map<number, readonly Fate[]>([[pivot.at, ['succeeded']]]);
  return way && onFailure === 'continue' && !findWay({ fates: passes }) ? undefined : way;
}
