import { at } from './at.ts';
import { BitMatrix } from './bit-matrix.ts';
import { graphOf, type Edge, type Graph } from './graph.ts';

export interface Reduction {
  /** Row v holds every ancestor of v. */
  readonly ancestors: BitMatrix;
  /** Only the edges that no other path implies. */
  readonly reduced: Graph;
}

/** Needs a graph whose numbering is a topological order; one pass then gives the closure and the reduction. */
export function reduce(graph: Graph): Reduction {
  const ancestors = new BitMatrix(graph.count, graph.count);
  const kept: Edge[] = [];
  graph.into.forEach((edges, vertex) => {
    // From the last producer to the first: whatever implies an edge has then been included before it is looked at.
    const producers = edges.map((edge) => at(graph.source, edge)).sort();
    const covers: Edge[] = [];
    for (const producer of producers.reverse()) {
      if (ancestors.has(vertex, producer)) continue;
      ancestors.include(vertex, producer);
      ancestors.add(vertex, producer);
      covers.push([producer, vertex]);
    }
    for (const edge of covers.reverse()) kept.push(edge);
  });
  return { ancestors, reduced: graphOf(graph.count, kept) };
}
