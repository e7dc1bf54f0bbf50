import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf, type Edge } from '../../../core/plan/graph.ts';
import { PartialOrder } from '../../../core/plan/partial-order.ts';
import { reduce } from '../../../core/plan/reduction.ts';
import { twinGraphOf, type TwinGraph } from '../../../core/plan/twins.ts';

/** The graph's edges lead from smaller to larger numbers. */
function twinsIn(count: number, edges: readonly Edge[]): { twinGraph: TwinGraph; reducedEdges: Edge[] } {
  const { reduced, ancestors } = reduce(graphOf(count, edges));
  const order = new PartialOrder(reduced, ancestors);
  const reducedEdges = [...reduced.source].map((from, edge): Edge => [from, reduced.target[edge]!]);
  return { twinGraph: twinGraphOf(order, order.whole), reducedEdges };
}

const ascending: fc.Arbitrary<{ count: number; edges: Edge[] }> = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    edges: fc
      .array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)))
      .map((pairs) => pairs.filter(([from, to]) => from < to)),
  }),
);

describe('twinGraphOf', () => {
  it('makes two vertices and one edge of a complete stage', () => {
    const stage = [0, 1, 2].flatMap((from) => [3, 4].map((to): Edge => [from, to]));

    const { twins, entrances } = twinsIn(5, stage).twinGraph;

    expect(twins.map(({ members }) => members)).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect(entrances).toEqual([{ from: twins[0], to: twins[1], index: 0 }]);
    expect(twins[0]!.exits).toEqual(twins[1]!.entrances);
  });

  it('keeps apart what has the same producers and other consumers', () => {
    const { twins } = twinsIn(4, [
      [0, 1],
      [0, 2],
      [1, 3],
    ]).twinGraph;

    expect(twins.map(({ members }) => members)).toEqual([[0], [1], [2], [3]]);
  });

  it('says the same as the graph, and has no two twins that are one', () => {
    fc.assert(
      fc.property(ascending, ({ count, edges }) => {
        const { twinGraph, reducedEdges } = twinsIn(count, edges);

        const spread = twinGraph.entrances.flatMap(({ from, to }) =>
          from.members.flatMap((one) => to.members.map((other) => `${one} ${other}`)),
        );
        expect(spread.toSorted()).toEqual(reducedEdges.map(([from, to]) => `${from} ${to}`).toSorted());
        const neighbours = twinGraph.twins.map(({ entrances, exits }) =>
          JSON.stringify([
            entrances.map(({ from }) => from.index).toSorted(),
            exits.map(({ to }) => to.index).toSorted(),
          ]),
        );
        expect(new Set(neighbours).size).toBe(neighbours.length);
      }),
    );
  });
});
