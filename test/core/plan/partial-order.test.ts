import { describe, expect, it } from 'vitest';
import { graphOf, type Edge } from '../../../core/plan/graph.ts';
import { PartialOrder } from '../../../core/plan/partial-order.ts';
import { reduce } from '../../../core/plan/reduction.ts';

function orderOf(count: number, edges: readonly Edge[]): PartialOrder {
  const { reduced, ancestors } = reduce(graphOf(count, edges));
  return new PartialOrder(reduced, ancestors);
}

const verticesOf = (parts: readonly { vertices: readonly number[] }[]) => parts.map(({ vertices }) => vertices);

/** 0 and 1, then 2, then 3 and 4. */
const hourglass: Edge[] = [
  [0, 2],
  [1, 2],
  [2, 3],
  [2, 4],
];

describe('PartialOrder', () => {
  it('knows the neighbours of a vertex and how many come before it', () => {
    const order = orderOf(5, hourglass);

    expect([order.producers(2), order.consumers(2)]).toEqual([
      [0, 1],
      [3, 4],
    ]);
    expect([0, 1, 2, 3, 4].map((vertex) => order.before(vertex))).toEqual([0, 0, 2, 3, 3]);
    expect(order.whole.vertices).toEqual([0, 1, 2, 3, 4]);
  });

  it('cuts what runs one after the other, and forgets the edges that this says', () => {
    const order = orderOf(5, hourglass);

    const segments = order.segments(order.whole);

    expect(verticesOf(segments)).toEqual([[0, 1], [2], [3, 4]]);
    expect(new Set(segments.map(({ id }) => id)).size).toBe(3);
    for (const vertex of order.whole.vertices) {
      expect([order.producers(vertex), order.consumers(vertex), order.before(vertex)]).toEqual([[], [], 0]);
    }
  });

  it('keeps the edges within a segment, and counts anew in it', () => {
    const order = orderOf(5, [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 4],
      [3, 4],
    ]);

    expect(verticesOf(order.segments(order.whole))).toEqual([[0], [1, 2, 3], [4]]);
    expect([1, 2, 3, 4].map((vertex) => order.producers(vertex))).toEqual([[], [], [1], []]);
    expect([0, 1, 2, 3].map((vertex) => order.consumers(vertex))).toEqual([[], [3], [], []]);
    expect([1, 2, 3, 4].map((vertex) => order.before(vertex))).toEqual([0, 0, 1, 0]);
  });

  it('finds what runs side by side, in the order of first vertices', () => {
    const order = orderOf(6, [
      [0, 4],
      [1, 3],
      [2, 4],
    ]);

    const parts = order.components(order.whole);

    expect(verticesOf(parts)).toEqual([[0, 2, 4], [1, 3], [5]]);
    expect(new Set(parts.map(({ id }) => id)).size).toBe(3);
  });

  it('leaves a part as it is that is connected, or has no cut', () => {
    const n = orderOf(4, [
      [0, 2],
      [1, 2],
      [1, 3],
    ]);

    expect(n.components(n.whole)).toEqual([n.whole]);
    expect(n.components(n.whole)).toEqual([n.whole]);
    expect(n.segments(n.whole)).toEqual([n.whole]);
  });

  it('looks for what runs side by side within a part, whatever it was connected to outside', () => {
    const order = orderOf(5, hourglass);
    const [first, , last] = order.segments(order.whole);

    expect(verticesOf(order.components(first!))).toEqual([[0], [1]]);
    expect(verticesOf(order.components(last!))).toEqual([[3], [4]]);
  });

  it('knows who comes before whom in the part that was closed last', () => {
    const order = orderOf(6, [
      [0, 1],
      [1, 2],
      [3, 4],
      [4, 5],
      [0, 4],
    ]);

    order.close(order.whole);

    const pairs = [0, 1, 2, 3, 4, 5].flatMap((one) => [0, 1, 2, 3, 4, 5].map((other): Edge => [one, other]));
    expect(pairs.filter(([one, other]) => order.precedes(one, other))).toEqual([
      [0, 1],
      [0, 2],
      [0, 4],
      [0, 5],
      [1, 2],
      [3, 4],
      [3, 5],
      [4, 5],
    ]);
  });

  it('counts anew in a part of its own', () => {
    const order = orderOf(7, [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 4],
      [2, 3],
      [3, 5],
      [4, 6],
    ]);
    const [, rest] = order.segments(order.whole);

    order.close(rest!);

    expect(rest?.vertices).toEqual([1, 2, 3, 4, 5, 6]);
    expect([1, 2, 3, 4, 5, 6].map((vertex) => order.before(vertex))).toEqual([0, 0, 2, 1, 3, 2]);
    expect([order.precedes(1, 5), order.precedes(2, 6), order.precedes(1, 6)]).toEqual([true, true, false]);
  });

  it('forgets what is lifted, and what followed from it alone', () => {
    const order = orderOf(5, [
      [0, 2],
      [1, 2],
      [1, 3],
      [2, 4],
    ]);
    order.close(order.whole);
    expect(order.precedes(1, 4)).toBe(true);

    order.lift(order.whole, [{ from: [1], to: [2] }]);

    expect([order.producers(2), order.consumers(1)]).toEqual([[0], [3]]);
    expect([order.precedes(1, 4), order.precedes(0, 4)]).toEqual([false, true]);
    expect([2, 3, 4].map((vertex) => order.before(vertex))).toEqual([1, 1, 2]);
  });

  it('lifts every edge between two groups, and none beside them', () => {
    const stage = [0, 1, 2].flatMap((from) => [3, 4, 5].map((to): Edge => [from, to]));
    const order = orderOf(6, stage);

    order.lift(order.whole, [{ from: [0, 1], to: [4, 5] }]);

    expect([3, 4, 5].map((vertex) => order.producers(vertex))).toEqual([[0, 1, 2], [2], [2]]);
    expect([0, 1, 2].map((vertex) => order.consumers(vertex))).toEqual([[3], [3], [3, 4, 5]]);
  });
});
