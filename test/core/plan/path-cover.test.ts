import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimumPathCover } from '../../../core/plan/path-cover.ts';
import { randomGraph } from '../../makers/task-graph.ts';

/** A maximum matching by the simplest known way (Kuhn), to count chains without Hopcroft and Karp. */
function fewestChains(successors: readonly (readonly number[])[]): number {
  const previous = new Map<number, number>();
  const augment = (vertex: number, tried: Set<number>): boolean =>
    successors[vertex]!.some((successor) => {
      if (tried.has(successor)) return false;
      tried.add(successor);
      const rival = previous.get(successor);
      if (rival !== undefined && !augment(rival, tried)) return false;
      previous.set(successor, vertex);
      return true;
    });
  const matched = successors.filter((_, vertex) => augment(vertex, new Set()));
  return successors.length - matched.length;
}

const successorLists = randomGraph(30).map(({ count, edges }) => {
  const lists = Array.from({ length: count }, (): number[] => []);
  for (const [from, to] of edges) lists[from]!.push(to);
  return lists;
});

describe('minimumPathCover', () => {
  it('takes back a choice that would cost a chain', () => {
    expect(minimumPathCover([[2, 3], [2], [], []])).toEqual([
      [0, 3],
      [1, 2],
    ]);
  });

  it('covers each vertex once, along edges, with as few chains as possible', () => {
    fc.assert(
      fc.property(successorLists, (successors) => {
        const chains = minimumPathCover(successors);

        expect(chains.flat().toSorted((one, other) => one - other)).toEqual([...successors.keys()]);
        for (const chain of chains) {
          chain.slice(1).forEach((vertex, index) => expect(successors[chain[index]!]).toContain(vertex));
        }
        expect(chains).toHaveLength(fewestChains(successors));
      }),
    );
  });

  it('finds an augmenting path as long as the graph', () => {
    const length = 20_000;
    const taking = Array.from({ length }, (_, vertex) => [length + 1 + vertex, length + 2 + vertex]);
    // The last one wants only what the first one has: everybody must move on by one.
    const last = [length + 1];
    const taken = Array.from({ length: length + 1 }, (): number[] => []);

    const chains = minimumPathCover([...taking, last, ...taken]);

    expect(chains.filter((chain) => chain.length === 2)).toHaveLength(length + 1);
  });
});
