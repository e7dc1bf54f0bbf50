import { describe, expect, it } from 'vitest';
import { graphOf, type Edge } from '../../../core/plan/graph.ts';
import { worstObstacles } from '../../../core/plan/obstacles.ts';
import { PartialOrder, type Link } from '../../../core/plan/partial-order.ts';
import { reduce } from '../../../core/plan/reduction.ts';

const orderOf = (count: number, edges: readonly Edge[]): PartialOrder => {
  const { reduced, ancestors } = reduce(graphOf(count, edges));
  return new PartialOrder(reduced, ancestors);
};

/** What is lifted first from a graph as a whole. */
function liftedFrom(count: number, edges: readonly Edge[]): Link[] | undefined {
  const order = orderOf(count, edges);
  return worstObstacles(order, order.whole, { left: 100_000 });
}

/** Task 1 goes to 4 as well as to 3, whose other producers nobody else waits for: 1 → 3 is the middle of two N. */
const entangled: Edge[] = [
  [0, 3],
  [1, 3],
  [2, 3],
  [1, 4],
];

describe('worstObstacles', () => {
  it('lifts the middle stroke of most N', () => {
    expect(liftedFrom(5, entangled)).toEqual([{ from: [1], to: [3] }]);
  });

  it('lifts the side stroke where it frees more than the middle ones: a leaf, not the stage beside it', () => {
    const [one, other] = [
      [0, 1, 2],
      [3, 4, 5],
    ] as const;
    const stage = one.flatMap((from) => other.map((to): Edge => [from, to]));

    expect(liftedFrom(7, [...stage, [0, 6]])).toEqual([{ from: [0], to: [6] }]);
  });

  it('lifts from all twins at once', () => {
    const [as, b, cs, ds] = [[0, 1, 2], 3, [4, 5], [6, 7, 8]] as const;
    const edges = [...[...as, b].flatMap((from) => cs.map((to): Edge => [from, to])), ...ds.map((d): Edge => [b, d])];

    expect(liftedFrom(9, edges)).toEqual([{ from: [3], to: [4, 5] }]);
  });

  it('leaves a task the weaker of its two entrances', () => {
    const [a, b, c, d1, d2, e] = [0, 1, 2, 3, 4, 5] as const;

    const lifted = liftedFrom(6, [
      [a, c],
      [b, c],
      [b, d1],
      [b, d2],
      [a, e],
    ]);

    expect(lifted).toEqual([{ from: [b], to: [c] }]);
  });

  it('lifts all entrances in the way where there are more than two', () => {
    const [s1, s2, s3, join] = [0, 1, 2, 6] as const;

    const lifted = liftedFrom(7, [
      [s1, 3],
      [s2, 4],
      [s3, 5],
      [s1, join],
      [s2, join],
      [s3, join],
    ]);

    expect(lifted).toEqual([
      { from: [s1], to: [join] },
      { from: [s2], to: [join] },
      { from: [s3], to: [join] },
    ]);
  });

  it('frees an N once, by one of its strokes', () => {
    const n = (start: number): Edge[] => [
      [start, start + 2],
      [start + 1, start + 2],
      [start + 1, start + 3],
    ];

    // A hundred tasks that stand alone make the part so large that all proposals fit into one look.
    expect(liftedFrom(108, [...n(0), ...n(4)])).toEqual([
      { from: [1], to: [2] },
      { from: [5], to: [6] },
    ]);
  });

  it('looks again before it lifts what is worth little beside the best', () => {
    const small: Edge[] = [
      [0, 2],
      [1, 2],
      [1, 3],
    ];
    const many = Array.from({ length: 7 }, (_, index) => 4 + index);
    const large = [...many.map((from): Edge => [from, 11]), [10, 12] as const];

    expect(liftedFrom(108, [...small, ...large])).toEqual([{ from: [10], to: [11] }]);
  });

  it('counts what follows a stroke, twins one by one', () => {
    // 1 → 2 is in the way of three leaves, 8 → 9 of one leaf, with two strangers.
    const three = [3, 4, 5].map((leaf): Edge => [1, leaf]);

    const lifted = liftedFrom(11, [[0, 2], [1, 2], ...three, [6, 9], [7, 9], [8, 9], [8, 10]]);

    expect(lifted).toEqual([
      { from: [1], to: [2] },
      { from: [8], to: [9] },
    ]);
  });

  it('counts where a stroke comes from, twins one by one', () => {
    const single: Edge[] = [
      [0, 2],
      [1, 2],
      [1, 3],
    ];
    const twins = [5, 6].flatMap((from): Edge[] => [
      [from, 7],
      [from, 8],
    ]);

    expect(liftedFrom(9, [...single, [4, 7], ...twins])).toEqual([
      { from: [5, 6], to: [7] },
      { from: [1], to: [2] },
    ]);
  });

  it('lifts a leaf from both of its stages', () => {
    const stage = (start: number): Edge[] =>
      [0, 1, 2, 3].flatMap((from) => [4, 5, 6, 7].map((to): Edge => [start + from, start + to]));

    expect(liftedFrom(17, [...stage(0), ...stage(8), [0, 16], [8, 16]])).toEqual([
      { from: [0], to: [16] },
      { from: [8], to: [16] },
    ]);
  });

  it('stops when enough tasks are gated, twins counted one by one', () => {
    const [as, b, cs, ds] = [[0, 1, 2], 3, [4, 5], [6, 7, 8]] as const;
    const many = [...[...as, b].flatMap((from) => cs.map((to): Edge => [from, to])), ...ds.map((d): Edge => [b, d])];

    expect(liftedFrom(14, [...many, [9, 12], [10, 12], [11, 12], [11, 13]])).toEqual([{ from: [b], to: cs }]);
  });

  it('lifts the longest entrance of a join where a path is the middle stroke of every N', () => {
    const [b, x, c, a, d] = [0, 1, 4, 3, 2] as const;

    const lifted = liftedFrom(5, [
      [b, x],
      [x, c],
      [b, d],
      [a, c],
    ]);

    expect(lifted).toEqual([{ from: [a], to: [c] }]);
  });

  it("leaves alone the entrances of a join that are in nobody's way", () => {
    const [s1, s2, alone, join] = [0, 1, 2, 5] as const;

    const lifted = liftedFrom(6, [
      [s1, 3],
      [s2, 4],
      [s1, join],
      [s2, join],
      [alone, join],
    ]);

    expect(lifted).toEqual([
      { from: [s1], to: [join] },
      { from: [s2], to: [join] },
    ]);
  });

  it('leaves the first of two entrances that are as strong as each other', () => {
    expect(
      liftedFrom(5, [
        [0, 2],
        [1, 2],
        [1, 3],
        [0, 4],
      ]),
    ).toEqual([{ from: [1], to: [2] }]);
  });

  it('gates one task of eight before it looks again', () => {
    const n = (start: number): Edge[] => [
      [start, start + 2],
      [start + 1, start + 2],
      [start + 1, start + 3],
    ];

    expect(liftedFrom(8, [...n(0), ...n(4)])).toEqual([{ from: [1], to: [2] }]);
    expect(liftedFrom(9, [...n(0), ...n(4)])).toHaveLength(2);
  });

  it('lifts what is worth a fifth of the best in the same look', () => {
    const small: Edge[] = [
      [0, 2],
      [1, 2],
      [1, 3],
    ];
    const large = [4, 5, 6, 7, 8, 9].map((from): Edge => [from, 10]);

    expect(liftedFrom(108, [...small, ...large, [9, 11]])).toEqual([
      { from: [9], to: [10] },
      { from: [1], to: [2] },
    ]);
  });

  /** Closing: 4 edges and 5 vertices, each a row of 5 bits in words of 32. Comparing: 13 pairs of neighbours. */
  const cost = (9 * 5) / 32 + 13;

  it('pays for the search from the budget', () => {
    const order = orderOf(5, entangled);
    const budget = { left: 1000 };

    worstObstacles(order, order.whole, budget);

    expect(budget.left).toBe(1000 - cost);
  });

  it('gives up when the search would cost more than is left', () => {
    const order = orderOf(5, entangled);

    expect(worstObstacles(order, order.whole, { left: cost })).toBeDefined();
    expect(worstObstacles(order, order.whole, { left: cost - 1 })).toBeUndefined();
  });
});
