import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../core/errors/index.ts';
import { graphOf, type Edge } from '../../../core/plan/graph.ts';
import { assertSameOrder } from '../../../core/plan/invariant.ts';
import type { Block } from '../../../core/plan/index.ts';
import { reduce } from '../../../core/plan/reduction.ts';
import { parallel, series, task } from '../../makers/block.ts';

/** a and b before c, b before d: the smallest graph that no series-parallel tree can say. */
const edges: Edge[] = [
  [0, 2],
  [1, 2],
  [1, 3],
];
const skeleton = parallel(series(task(0), task(2)), series(task(1), task(3)));
const gate: Edge = [1, 2];

const check = (skeleton: Block<number>, gates: Edge[]) => (): void =>
  assertSameOrder(reduce(graphOf(4, edges)).ancestors, 4, skeleton, gates);

describe('assertSameOrder', () => {
  it('accepts a skeleton and its gates', () => {
    expect(check(skeleton, [gate])).not.toThrow();
  });

  it.each([
    { fault: 'a dropped gate', skeleton, gates: [] },
    { fault: 'a gate that the graph does not have', skeleton, gates: [gate, [0, 3] as const] },
    { fault: 'a gate the wrong way round', skeleton, gates: [[2, 1] as const] },
    {
      fault: 'a barrier',
      skeleton: series(parallel(task(0), task(1)), parallel(task(2), task(3))),
      gates: [],
    },
    {
      fault: 'two tasks exchanged',
      skeleton: parallel(series(task(2), task(0)), series(task(1), task(3))),
      gates: [gate],
    },
    { fault: 'a task left out', skeleton: parallel(series(task(0), task(2)), task(1)), gates: [gate] },
    {
      fault: 'a task that stands twice',
      skeleton: parallel(series(task(0), task(2)), series(task(1), task(3)), task(3)),
      gates: [gate],
    },
    { fault: 'a circle of gates', skeleton, gates: [gate, [2, 1] as const] },
  ])('refuses $fault', ({ skeleton, gates }) => {
    expect(check(skeleton, gates)).toThrow(InvariantError);
  });

  it('says which task stands wrong, as a bug to report', () => {
    expect(check(skeleton, [])).toThrow(
      expect.objectContaining({
        code: 'skeleton_changes_order',
        message: 'Skeleton and gates do not order task 2 as the graph does.',
        details: { task: 2 },
      }),
    );
  });
});
