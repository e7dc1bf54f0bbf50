import type { WorkflowDocument } from '../definition/index.ts';
import type { OnFailure } from '../plan/index.ts';
import type { FindWay, Way } from './find-way.ts';
import type { Ending, Scenario } from './gap.ts';
import type { Fate, SagaGraph, SagaNode } from './saga-graph.ts';

/** What all parts of the proof look at. */
export interface Question {
  readonly graph: SagaGraph;
  readonly findWay: FindWay;
  readonly saga: NonNullable<NonNullable<WorkflowDocument['fault_tolerance']>['saga_pattern']>;
  readonly onFailure: OnFailure;
  /** Of each node, the pivots that keep it from being undone once they are passed: itself, or those that come after it. */
  readonly keepers: readonly (readonly number[])[];
}

/** Anything but success: a pivot that has not been passed. */
export const notPassed: readonly Fate[] = ['failed', 'skipped', 'upstream_failed', 'running', 'waiting'];

interface End {
  readonly ending: Ending;
  readonly by: SagaNode;
  readonly left: readonly SagaNode[];
}

/** The way, for people: tasks only, and those that have not begun left out. */
export function scenarioOf({ graph }: Question, way: Way, { ending, by, left }: End): Scenario {
  const fates = [...way]
    .sort(([a], [b]) => a - b)
    .flatMap(([at, fate]) => {
      const node = graph.nodes[at];
      return node?.isTask && fate !== 'waiting' ? [{ task: node.name, fate }] : [];
    });
  return { fates, ending, by: by.name, left: left.map(({ name }) => name) };
}

/** Everything that the node comes after, by number. */
export function upstreamOf({ nodes }: SagaGraph, at: number): ReadonlySet<number> {
  const seen = new Set(nodes[at]?.before ?? []);
  // The set grows while it is gone through.
  for (const one of seen) for (const before of nodes[one]?.before ?? []) seen.add(before);
  return seen;
}

/** The nodes that run no more once this one has succeeded. */
export function settledBefore({ nodes }: SagaGraph, at: number): ReadonlySet<number> {
  const settled = new Set<number>();
  const good = new Set([at]);
  // The set grows while it is gone through.
  for (const one of good) {
    for (const { node, isGood } of nodes[one]?.after ?? []) {
      settled.add(node);
      if (isGood) good.add(node);
    }
  }
  return settled;
}

/** The nodes that never begin while the pivot has not been passed. */
export function onlyAfter({ nodes }: SagaGraph, pivot: number): ReadonlySet<number> {
  const fates: ReadonlySet<Fate>[] = [];
  for (const node of nodes) {
    const may = node.mayBe(fates, false);
    fates.push(node.at === pivot ? new Set([...may].filter((fate) => fate !== 'succeeded')) : may);
  }
  return new Set(nodes.flatMap(({ at }) => (begins(fates[at]) ? [] : [at])));
}

function begins(fates: ReadonlySet<Fate> | undefined): boolean {
  return fates?.has('succeeded') === true || fates?.has('running') === true;
}

/** See Question. */
export function keepersOf(graph: SagaGraph): readonly (readonly number[])[] {
  const keepers: number[][] = graph.nodes.map(() => []);
  for (const { at, isPivot } of graph.nodes) {
    if (!isPivot) continue;
    for (const kept of upstreamOf(graph, at)) keepers[kept]?.push(at);
    keepers[at]?.push(at);
  }
  return keepers;
}
