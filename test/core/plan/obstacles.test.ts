import { describe, expect, it } from 'vitest';
import { graphOf, type Edge } from '../../../core/plan/graph.ts';
import { worstObstacles } from '../../../core/plan/obstacles.ts';
import { PartialOrder } from '../../../core/plan/partial-order.ts';
import { reduce } from '../../../core/plan/reduction.ts';

const orderOf = (count: number, edges: readonly Edge[]): PartialOrder => {
  const { reduced, ancestors } = reduce(graphOf(count, edges));
  return new PartialOrder(reduced, ancestors);
};

/** Task 1 goes to 4 as well as to 3, whose other producers nobody else waits for: 1 → 3 is the middle of two N. */
const entangled: Edge[] = [
  [0, 3],
  [1, 3],
  [2, 3],
  [1, 4],
];

describe('worstObstacles', () => {
  it('names the edge with most N around it', () => {
    const order = orderOf(5, entangled);

    expect(worstObstacles(order, order.whole, { left: 1000 })).toMatchObject([{ from: 1, to: 3, score: 2 }]);
  });

  it('pays for the search from the budget', () => {
    const order = orderOf(5, entangled);
    const budget = { left: 1000 };

    worstObstacles(order, order.whole, budget);

    expect(budget.left).toBeGreaterThan(900);
    expect(budget.left).toBeLessThan(1000);
  });

  it('gives up when the search would cost more than is left', () => {
    const order = orderOf(5, entangled);

    expect(worstObstacles(order, order.whole, { left: 5 })).toBeUndefined();
  });
});
