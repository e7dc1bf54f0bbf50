import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planGraph, type TaskGraph } from '../../../core/plan/index.ts';
import { ancestorsIn, layeredGraph, pairsOf, randomGraph, tasksOf } from '../../makers/task-graph.ts';

/** Graphs that others wrote; their licences do not let them into this repository. */
const corpus = new URL('../../../../shared/graphs/corpus/', import.meta.url);

interface CorpusGraph {
  readonly tasks: readonly { readonly id: string }[];
  readonly edges: readonly (readonly [string, string])[];
}

function corpusGraph(file: string): TaskGraph {
  const { tasks, edges } = JSON.parse(readFileSync(new URL(file, corpus), 'utf8')) as CorpusGraph;
  const position = new Map(tasks.map(({ id }, index) => [id, index]));
  return { count: tasks.length, edges: edges.map(([from, to]) => [position.get(from)!, position.get(to)!]) };
}

/** The whole promise, by means that share nothing with the planner. */
function expectSameOrder(graph: TaskGraph): void {
  const { skeleton, gates, edges, order } = planGraph(graph);
  const expected = ancestorsIn(graph);

  const ordered = pairsOf(skeleton);
  for (const [from, to] of ordered) expect(expected[to]!.has(from)).toBe(true);
  expect(ancestorsIn({ count: graph.count, edges: [...ordered, ...gates] })).toEqual(expected);
  expect(ancestorsIn({ count: graph.count, edges })).toEqual(expected);
  const all = [...expected.keys()];
  expect(tasksOf(skeleton).toSorted((one, other) => one - other)).toEqual(all);
  expect(order.toSorted((one, other) => one - other)).toEqual(all);
}

describe('planGraph', () => {
  it('orders with skeleton and gates exactly what the graph orders', () => {
    fc.assert(fc.property(randomGraph(60), expectSameOrder), { numRuns: 300 });
  });

  it.each([1, 2, 3])('does so for 1,000 tasks in layers, seed %i', (seed) => {
    expectSameOrder(layeredGraph(40, 25, seed));
  });

  it('records no gate that skeleton and other gates imply', () => {
    fc.assert(
      fc.property(randomGraph(25), (graph) => {
        const { skeleton, gates } = planGraph(graph);
        const ordered = pairsOf(skeleton);

        for (const gate of gates) {
          const others = gates.filter((other) => other !== gate);
          const without = ancestorsIn({ count: graph.count, edges: [...ordered, ...others] });
          expect(without[gate[1]]!.has(gate[0])).toBe(false);
        }
      }),
    );
  });

  it('does not care how often and in which order edges are written', () => {
    fc.assert(
      fc.property(randomGraph(30), ({ count, edges }) => {
        const { skeleton, gates } = planGraph({ count, edges });
        const again = planGraph({ count, edges: [...edges, ...edges] });

        expect(again.skeleton).toEqual(skeleton);
        expect(again.gates).toEqual(gates);
      }),
    );
  });

  it('keeps the order of real graphs', () => {
    if (!existsSync(corpus)) {
      console.info('The corpus of real graphs is not beside this checkout: nothing to compare.');
      return;
    }
    const graphs = readdirSync(corpus).map(corpusGraph);

    const planned = graphs.filter(({ count }) => count <= 1000);

    expect(planned.length).toBeGreaterThan(200);
    for (const graph of planned) expectSameOrder(graph);
  });
});
