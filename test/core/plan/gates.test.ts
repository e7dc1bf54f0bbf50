import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatesOf } from '../../../core/plan/gates.ts';
import { graphOf, type Edge } from '../../../core/plan/graph.ts';
import { parallel, series, task } from '../../makers/block.ts';
import { pairsOf, randomBlock, tasksOf } from '../../makers/task-graph.ts';

describe('gatesOf', () => {
  it('gives the edges between branches, and none along a series', () => {
    const edges: Edge[] = [
      [0, 2],
      [1, 2],
      [1, 3],
    ];
    const skeleton = parallel(series(task(0), task(2)), series(task(1), task(3)));

    expect(gatesOf(graphOf(4, edges), skeleton)).toEqual([[1, 2]]);
  });

  it('asks a tree the same about any two tasks as its pairs say', () => {
    fc.assert(
      fc.property(randomBlock, (block) => {
        const count = tasksOf(block).length;
        const ordered = new Set(pairsOf(block).map(String));
        const all = Array.from({ length: count * count }, (_, pair): Edge => [Math.floor(pair / count), pair % count]);

        const gates = new Set(gatesOf(graphOf(count, all), block).map(String));

        for (const pair of all) expect(gates.has(String(pair))).toBe(!ordered.has(String(pair)));
      }),
    );
  });
});
