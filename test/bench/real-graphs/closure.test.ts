import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderOfMachine, sameClosure, type Order } from '../../../bench/real-graphs/closure.ts';
import type { TaskGraph } from '../../../core/plan/index.ts';
import { lower } from '../../../statemachines/index.ts';
import { plannedGraph } from '../../makers/planned.ts';
import { randomGraph } from '../../makers/task-graph.ts';

const orderOf = ({ count, edges }: TaskGraph): Order => ({ tasks: count, vertices: count, edges });

const numbersOf = (count: number): Map<string, number> =>
  new Map(Array.from({ length: count }, (_, task) => [`t${task}`, task]));

/** An N: 0 and 1 before 2, 1 before 3. */
const entangled: TaskGraph = {
  count: 4,
  edges: [
    [0, 2],
    [1, 2],
    [1, 3],
  ],
};

describe('orderOfMachine', () => {
  it('finds in machine and gates what the graph orders', () => {
    fc.assert(
      fc.property(randomGraph(20), (graph) => {
        const plan = plannedGraph(graph);

        const order = orderOfMachine(lower(plan), plan.gates, numbersOf(graph.count));

        expect(sameClosure(order, orderOf(graph))).toBe(true);
      }),
    );
  });

  it('misses what only a gate orders, when it is not told of the gate', () => {
    const plan = plannedGraph(entangled);

    const order = orderOfMachine(lower(plan), [], numbersOf(4));

    expect(plan.gates).toHaveLength(1);
    expect(sameClosure(order, orderOf(entangled))).toBe(false);
  });

  it('finds what a machine orders and the graph does not', () => {
    const plan = plannedGraph({ count: 2, edges: [[0, 1]] });

    const order = orderOfMachine(lower(plan), plan.gates, numbersOf(2));

    expect(sameClosure(order, { tasks: 2, vertices: 2, edges: [] })).toBe(false);
  });

  it('refuses a machine with a task that the graph lacks', () => {
    const plan = plannedGraph({ count: 2, edges: [] });

    expect(() => orderOfMachine(lower(plan), plan.gates, numbersOf(1))).toThrow('t1');
  });
});

describe('sameClosure', () => {
  it('does not mind edges that others imply', () => {
    const chain = [
      [0, 1],
      [1, 2],
    ] as const;

    expect(
      sameClosure({ tasks: 3, vertices: 3, edges: chain }, { tasks: 3, vertices: 3, edges: [...chain, [0, 2]] }),
    ).toBe(true);
  });

  it('refuses a circle', () => {
    const circle: Order = {
      tasks: 2,
      vertices: 2,
      edges: [
        [0, 1],
        [1, 0],
      ],
    };

    expect(() => sameClosure(circle, circle)).toThrow('circle');
  });
});
