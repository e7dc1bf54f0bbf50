import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planGraph, type Block } from '../../../core/plan/index.ts';
import { parallel, series, task } from '../../makers/block.ts';
import { layeredGraph, pairsOf, randomBlock, tasksOf } from '../../makers/task-graph.ts';

type Edge = readonly [from: number, to: number];

const skeletonOf = (count: number, edges: readonly Edge[]): Block<number> => planGraph({ count, edges }).skeleton;

/** How many Parallels are within one another. */
function nestingOf(block: Block<number>): number {
  if (block.kind === 'task') return 0;
  return Math.max(0, ...block.blocks.map(nestingOf)) + (block.kind === 'parallel' ? 1 : 0);
}

describe('skeletonOf', () => {
  it('is an empty series for no tasks', () => {
    expect(skeletonOf(0, [])).toEqual(series());
  });

  it('is the task itself for one task', () => {
    expect(skeletonOf(1, [])).toEqual(task(0));
  });

  it('is a flat series for a chain of 10,000', () => {
    const count = 10_000;
    const chain = Array.from({ length: count - 1 }, (_, index): Edge => [index, index + 1]);

    const skeleton = skeletonOf(count, chain);

    expect(skeleton).toEqual(series(...Array.from({ length: count }, (_, index) => task(index))));
  });

  it('joins what forks', () => {
    expect(
      skeletonOf(4, [
        [0, 1],
        [0, 2],
        [1, 3],
        [2, 3],
      ]),
    ).toEqual(series(task(0), parallel(task(1), task(2)), task(3)));
  });

  it('keeps apart what nothing connects, in the order of the author', () => {
    expect(
      skeletonOf(5, [
        [0, 3],
        [1, 4],
      ]),
    ).toEqual(parallel(series(task(0), task(3)), series(task(1), task(4)), task(2)));
  });

  it('finds any series-parallel tree again, without a gate', () => {
    fc.assert(
      fc.property(randomBlock, (block) => {
        const { skeleton, gates } = planGraph({ count: tasksOf(block).length, edges: pairsOf(block) });

        expect(gates).toEqual([]);
        expect(skeleton).toEqual(block);
      }),
    );
  });

  it('lifts the middle stroke of an N', () => {
    const [a, b, c, d] = [0, 1, 2, 3] as const;

    const { skeleton, gates } = planGraph({
      count: 4,
      edges: [
        [a, c],
        [b, c],
        [b, d],
      ],
    });

    expect(gates).toEqual([[b, c]]);
    expect(skeleton).toEqual(parallel(series(task(a), task(c)), series(task(b), task(d))));
  });

  it('lifts the side entrance where a path is the middle stroke', () => {
    const [b, x, c, a, d] = [0, 1, 2, 3, 4] as const;

    const { gates } = planGraph({
      count: 5,
      edges: [
        [b, x],
        [x, c],
        [b, d],
        [a, c],
      ],
    });

    expect(gates).toEqual([[a, c]]);
  });

  it('frees a graph that one stray edge entangles', () => {
    const branch = (start: number): Edge[] =>
      Array.from({ length: 9 }, (_, index) => [start + index, start + index + 1]);
    const fork: Edge[] = [
      [20, 0],
      [20, 10],
      [9, 21],
      [19, 21],
    ];
    const stray: Edge = [4, 15];

    const { gates } = planGraph({ count: 22, edges: [...branch(0), ...branch(10), ...fork, stray] });

    expect(gates).toEqual([stray]);
  });

  it('nests no deeper than its bound, whatever the graph', () => {
    // A spine with a leaf at each vertebra is series-parallel, and as deep as it is long.
    const vertebrae = 60;
    const spine = Array.from({ length: vertebrae - 1 }, (_, index): Edge => [index, index + 1]);
    const leaves = Array.from({ length: vertebrae }, (_, index): Edge => [index, vertebrae + index]);

    const { skeleton, gates } = planGraph({ count: 2 * vertebrae, edges: [...spine, ...leaves] });

    expect(nestingOf(skeleton)).toBeLessThanOrEqual(17);
    expect(gates.length).toBeLessThan(vertebrae);
  });

  it('gates the leaves of complete stages, not the stages', () => {
    const [stages, width] = [5, 20];
    const between = Array.from({ length: (stages - 1) * width * width }, (_, index): Edge => {
      const stage = Math.floor(index / (width * width));
      return [stage * width + (index % width), (stage + 1) * width + (Math.floor(index / width) % width)];
    });
    const leaves = Array.from({ length: stages - 1 }, (_, stage): Edge => [stage * width, stages * width + stage]);

    const { gates } = planGraph({ count: stages * width + leaves.length, edges: [...between, ...leaves] });

    expect(gates).toEqual(leaves);
  });

  it('falls back to chains when the search has cost enough', () => {
    // Everyone waits for about half of the first 600, each for others: nobody has a twin.
    const width = 600;
    let value = 1;
    const isDrawn = (): boolean => (value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0) < 2 ** 31;
    const all = Array.from({ length: width * width }, (_, index): Edge => [
      Math.floor(index / width),
      width + (index % width),
    ]);

    const { skeleton } = planGraph({ count: 2 * width, edges: all.filter(isDrawn) });

    expect(nestingOf(skeleton)).toBe(1);
    expect(skeleton).toMatchObject({ kind: 'parallel', blocks: { length: width } });
  });

  it('is the same for the same graph', () => {
    const graph = layeredGraph(30, 30, 1);

    expect(planGraph(graph)).toEqual(planGraph(graph));
  });
});
