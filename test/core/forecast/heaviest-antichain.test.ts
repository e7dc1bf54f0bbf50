import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heaviestAntichain } from '../../../core/forecast/heaviest-antichain.ts';
import type { TaskGraph } from '../../../core/plan/index.ts';
import { ancestorsIn, randomGraph } from '../../makers/task-graph.ts';

interface Case {
  readonly of: string;
  readonly weights: number[];
  readonly edges: [number, number][];
  readonly weight: number;
  readonly vertices: number[];
}

const diamond: [number, number][] = [
  [0, 1],
  [0, 2],
  [1, 3],
  [2, 3],
];

const ones = (count: number): number[] => Array.from({ length: count }, () => 1);

/** By trying every set of vertices. */
function heaviestByTrying(weights: readonly number[], { count, edges }: TaskGraph): number {
  const ancestors = ancestorsIn({ count, edges });
  let heaviest = 0;
  for (let set = 0; set < 2 ** count; set++) {
    const vertices = weights.flatMap((_, vertex) => (set & (1 << vertex) ? [vertex] : []));
    if (vertices.some((one) => vertices.some((other) => ancestors[one]!.has(other)))) continue;
    heaviest = Math.max(
      heaviest,
      vertices.reduce((sum, vertex) => sum + weights[vertex]!, 0),
    );
  }
  return heaviest;
}

describe('heaviestAntichain', () => {
  it.each<Case>([
    {
      of: 'a chain',
      weights: [2, 5, 3],
      edges: [
        [0, 1],
        [1, 2],
      ],
      weight: 5,
      vertices: [1],
    },
    { of: 'no edges', weights: [2, 5, 3], edges: [], weight: 10, vertices: [0, 1, 2] },
    { of: 'a diamond', weights: [1, 1, 1, 1], edges: diamond, weight: 2, vertices: [1, 2] },
    { of: 'a diamond with a heavy end', weights: [1, 1, 1, 3], edges: diamond, weight: 3, vertices: [3] },
    {
      of: 'an N',
      weights: [3, 1, 1, 3],
      edges: [
        [0, 2],
        [1, 2],
        [1, 3],
      ],
      weight: 6,
      vertices: [0, 3],
    },
    { of: 'a vertex without weight', weights: [0, 4], edges: [], weight: 4, vertices: [1] },
    { of: 'nothing', weights: [], edges: [], weight: 0, vertices: [] },
  ])('of $of', ({ weights, edges, weight, vertices }) => {
    expect(heaviestAntichain(weights, edges)).toEqual({ weight, vertices });
  });

  it('is the heaviest there is, and no two of its vertices are ordered', () => {
    const graphs = randomGraph(9).chain((graph) =>
      fc.tuple(fc.constant(graph), fc.array(fc.nat(6), { minLength: graph.count, maxLength: graph.count })),
    );
    fc.assert(
      fc.property(graphs, ([graph, weights]) => {
        const { weight, vertices } = heaviestAntichain(weights, graph.edges);

        const ancestors = ancestorsIn(graph);
        expect(vertices.some((one) => vertices.some((other) => ancestors[one]!.has(other)))).toBe(false);
        expect(vertices.reduce((sum, vertex) => sum + weights[vertex]!, 0)).toBe(weight);
        expect(vertices.every((vertex) => weights[vertex]! > 0)).toBe(true);
        expect(weight).toBe(heaviestByTrying(weights, graph));
      }),
      { numRuns: 300 },
    );
  });

  it('bears a chain of 10,000', () => {
    const edges = Array.from({ length: 9_999 }, (_, vertex): [number, number] => [vertex, vertex + 1]);

    expect(heaviestAntichain(ones(10_000), edges).weight).toBe(1);
  });

  it('bears 50 stages of 200 in which everyone waits for two of the stage before', () => {
    const edges = Array.from({ length: 49 * 200 }, (_, vertex): [number, number][] => [
      [vertex, vertex + 200],
      [vertex, 200 * Math.floor(vertex / 200) + 200 + ((vertex + 1) % 200)],
    ]).flat();

    expect(heaviestAntichain(ones(10_000), edges).weight).toBe(200);
  });
});
