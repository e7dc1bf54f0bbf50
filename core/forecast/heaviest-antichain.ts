import { FlowNetwork } from './flow-network.ts';

/** From producer to consumer, by position. */
export type Edge = readonly [from: number, to: number];

export interface Antichain {
  readonly weight: number;
  /** Ascending; vertices without weight are left out. */
  readonly vertices: readonly number[];
}

/**
 * The heaviest set of vertices of which none comes before another: the most that can be under way at once. Exact, by Dilworth's
 * theorem for weights: it weighs what the lightest cover by chains weighs, and that is a minimum flow. What leaves a vertex may be
 * the demand of a later one; the more is passed on, the fewer chains. Weights are whole numbers, so that sums are exact.
 */
export function heaviestAntichain(weights: readonly number[], edges: readonly Edge[]): Antichain {
  const count = weights.length;
  const [source, sink] = [2 * count, 2 * count + 1];
  const network = new FlowNetwork(2 * count + 2);
  // A vertex is two: 2v, which demands its weight, and 2v + 1, which passes on as much.
  weights.forEach((weight, vertex) => {
    network.connect(source, 2 * vertex + 1, weight);
    network.connect(2 * vertex, sink, weight);
    network.connect(2 * vertex, 2 * vertex + 1, Infinity);
  });
  for (const [from, to] of edges) network.connect(2 * from + 1, 2 * to, Infinity);
  const saved = network.maximumFlow(source, sink);
  const isInCut = (vertex: number): boolean =>
    network.isOnSourceSide(2 * vertex + 1) && !network.isOnSourceSide(2 * vertex);
  return {
    weight: weights.reduce((sum, weight) => sum + weight, 0) - saved,
    vertices: weights.flatMap((_, vertex) => (isInCut(vertex) ? [vertex] : [])),
  };
}
