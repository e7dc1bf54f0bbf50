import { at } from './at.ts';
import { longestPath } from './critical-path.ts';
import { gatesOf } from './gates.ts';
import { graphOf, topologicalOrder, type Edge } from './graph.ts';
import { assertSameOrder } from './invariant.ts';
import type { Block } from './plan.ts';
import { reduce } from './reduction.ts';
import { skeletonOf } from './skeleton.ts';

/** A graph as its author numbered it. */
export interface TaskGraph {
  readonly count: number;
  /** From producer to consumer; repetitions do no harm. */
  readonly edges: readonly Edge[];
}

/** Everything in the author's numbers. */
export interface GraphPlan {
  /** Topological; the author's order where the graph leaves a choice. */
  readonly order: readonly number[];
  /** The transitive reduction, by consumer in `order`. */
  readonly edges: readonly Edge[];
  readonly skeleton: Block<number>;
  readonly gates: readonly Edge[];
  readonly criticalPath: readonly number[];
}

/** Throws InvariantError for a graph with a cycle: validation refuses those. */
export function planGraph({ count, edges }: TaskGraph): GraphPlan {
  const order = topologicalOrder(graphOf(count, edges));
  const position = new Uint32Array(count);
  order.forEach((vertex, index) => (position[vertex] = index));
  const graph = graphOf(
    count,
    edges.map(([from, to]) => [at(position, from), at(position, to)]),
  );
  const { ancestors, reduced } = reduce(graph);
  const skeleton = skeletonOf(reduced, ancestors);
  const gates = gatesOf(reduced, skeleton);
  assertSameOrder(ancestors, count, skeleton, gates);
  const author = (edge: Edge): Edge => [at(order, edge[0]), at(order, edge[1])];
  return {
    order: [...order],
    edges: Array.from(reduced.source, (from, edge) => author([from, at(reduced.target, edge)])),
    skeleton: mapTasks(skeleton, (task) => at(order, task)),
    gates: gates.map(author),
    criticalPath: longestPath(reduced).map((task) => at(order, task)),
  };
}

/** The same tree over other names. */
export function mapTasks<From, To>(block: Block<From>, name: (task: From) => To): Block<To> {
  if (block.kind === 'task') return { kind: 'task', task: name(block.task) };
  return { kind: block.kind, blocks: block.blocks.map((part) => mapTasks(part, name)) };
}
