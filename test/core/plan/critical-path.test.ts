import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestPath } from '../../../core/plan/critical-path.ts';
import { graphOf, type Edge } from '../../../core/plan/graph.ts';
import { randomGraph } from '../../makers/task-graph.ts';

describe('longestPath', () => {
  it('is empty for no tasks', () => {
    expect(longestPath(graphOf(0, []))).toEqual([]);
  });

  it('takes the earliest tasks where several paths are longest', () => {
    const edges: Edge[] = [
      [0, 2],
      [1, 2],
      [0, 3],
    ];

    expect(longestPath(graphOf(4, edges))).toEqual([0, 2]);
  });

  it('follows edges, and no task lies deeper than it is long', () => {
    fc.assert(
      fc.property(randomGraph(40), ({ count, edges: drawn }) => {
        const edges = drawn.map(([one, other]): Edge => [Math.min(one, other), Math.max(one, other)]);
        const path = longestPath(graphOf(count, edges));

        path.slice(1).forEach((task, index) => {
          expect(edges.some(([from, to]) => from === path[index] && to === task)).toBe(true);
        });
        const depth = new Array<number>(count).fill(1);
        for (let task = 0; task < count; task++) {
          for (const [from, to] of edges) if (to === task) depth[task] = Math.max(depth[task]!, depth[from]! + 1);
        }
        expect(path).toHaveLength(Math.max(...depth));
      }),
    );
  });
});
