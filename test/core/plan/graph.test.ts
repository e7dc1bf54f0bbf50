import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf, topologicalOrder, type Edge } from '../../../core/plan/graph.ts';
import { randomGraph } from '../../makers/task-graph.ts';

const orderOf = (count: number, edges: readonly Edge[]) => [...topologicalOrder(graphOf(count, edges))];

describe('graphOf', () => {
  it('numbers edges as they are given, and groups them by either end', () => {
    const { source, target, into, outOf } = graphOf(3, [
      [0, 2],
      [1, 2],
      [0, 1],
    ]);

    expect([[...source], [...target]]).toEqual([
      [0, 1, 0],
      [2, 2, 1],
    ]);
    expect(into.map((edges) => [...edges])).toEqual([[], [2], [0, 1]]);
    expect(outOf.map((edges) => [...edges])).toEqual([[0, 2], [1], []]);
  });
});

describe('topologicalOrder', () => {
  it('keeps an order that is already topological', () => {
    expect(
      orderOf(4, [
        [0, 3],
        [1, 2],
      ]),
    ).toEqual([0, 1, 2, 3]);
  });

  it('pulls what a task needs in front of it and leaves the rest where it stood', () => {
    expect(
      orderOf(5, [
        [4, 1],
        [3, 4],
      ]),
    ).toEqual([0, 3, 4, 1, 2]);
  });

  it('puts every producer before its consumers', () => {
    fc.assert(
      fc.property(randomGraph(60), ({ count, edges }) => {
        const order = orderOf(count, edges);

        expect(order.toSorted((one, other) => one - other)).toEqual(Array.from({ length: count }, (_, index) => index));
        for (const [from, to] of edges) expect(order.indexOf(from)).toBeLessThan(order.indexOf(to));
      }),
    );
  });

  it.each([
    { name: 'a task that needs itself', edges: [[0, 0]] },
    {
      name: 'a ring',
      edges: [
        [0, 1],
        [1, 2],
        [2, 0],
      ],
    },
  ] satisfies { name: string; edges: Edge[] }[])('refuses $name', ({ edges }) => {
    expect(() => orderOf(3, edges)).toThrow(
      expect.objectContaining({
        name: 'InvariantError',
        code: 'graph_has_cycle',
        message: 'The graph to plan has a cycle through vertex 0; validation should have found it.',
      }),
    );
  });
});
