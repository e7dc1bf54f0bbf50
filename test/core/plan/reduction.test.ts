import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphOf, type Edge } from '../../../core/plan/graph.ts';
import { reduce } from '../../../core/plan/reduction.ts';
import { ancestorsIn, randomGraph } from '../../makers/task-graph.ts';

/** With the lower number as the producer, numbering is a topological order. */
const upwards = randomGraph(40).map(({ count, edges }) => ({
  count,
  edges: edges.map(([one, other]): Edge => [Math.min(one, other), Math.max(one, other)]),
}));

function reducedEdges(count: number, edges: readonly Edge[]): Edge[] {
  const { reduced } = reduce(graphOf(count, edges));
  return Array.from(reduced.source, (from, edge): Edge => [from, reduced.target[edge]!]);
}

describe('reduce', () => {
  it('drops an edge that a path implies, and repetitions', () => {
    expect(
      reducedEdges(3, [
        [0, 2],
        [0, 1],
        [1, 2],
        [0, 1],
      ]),
    ).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('knows every ancestor', () => {
    fc.assert(
      fc.property(upwards, ({ count, edges }) => {
        const { ancestors } = reduce(graphOf(count, edges));

        ancestorsIn({ count, edges }).forEach((expected, task) => {
          for (let other = 0; other < count; other++) expect(ancestors.has(task, other)).toBe(expected.has(other));
        });
      }),
    );
  });

  it('keeps the order, and no edge that could be left out', () => {
    fc.assert(
      fc.property(upwards, ({ count, edges }) => {
        const kept = reducedEdges(count, edges);

        expect(ancestorsIn({ count, edges: kept })).toEqual(ancestorsIn({ count, edges }));
        for (const edge of kept) {
          const without = ancestorsIn({ count, edges: kept.filter((other) => other !== edge) });
          expect(without[edge[1]]!.has(edge[0])).toBe(false);
        }
      }),
    );
  });
});
