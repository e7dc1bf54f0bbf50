import { describe, expect, it } from 'vitest';
import { figuresOf } from '../../../bench/real-graphs/figures.ts';
import { renderReport } from '../../../bench/real-graphs/report.ts';
import { totalsOf } from '../../../bench/real-graphs/totals.ts';
import { corpusGraph } from './corpus-graph.ts';

/** An N and an edge that a path implies, with ids that no state may have. */
const hostile = corpusGraph(
  ['1:a', 'b(x)', 'c/d', 'e'],
  ['1:a c/d', 'b(x) c/d', 'b(x) e', '1:a e', 'c/d e'],
  'hostile',
);

describe('figuresOf', () => {
  it('counts what the compiler made of a graph', async () => {
    const figures = await figuresOf(corpusGraph(['a', 'b', 'c', 'd'], ['a c', 'b c', 'b d'], 'n'));

    expect(figures).toMatchObject({
      ...{ id: 'n', tasks: 4, edges: 3, edgesReduced: 3, gates: 1, gatedTasks: 1, largestFanIn: 2 },
      // Six of the frame, four tasks, one Parallel, and what its branches' last tasks go to when they fail.
      ...{ states: 13, machines: 1, withinBudget: true, longestName: 9, closureEqual: true, durations: 'lognormal' },
    });
    expect(figures.bytes).toBeGreaterThan(4_000);
    expect(figures.bytesEscaped).toBeGreaterThan(figures.bytes);
  });

  it('takes ids that the language does not, and drops edges that others imply', async () => {
    const figures = await figuresOf(hostile);

    expect(figures).toMatchObject({ edges: 5, edgesReduced: 3, gates: 0, closureEqual: true });
  });

  it('runs what it compiled: no task is called later than the graph allows', async () => {
    const [n, h] = [
      await figuresOf(corpusGraph(['a', 'b', 'c', 'd'], ['a c', 'b c', 'b d'])),
      await figuresOf(hostile),
    ];

    for (const figures of [n, h]) expect(figures).toMatchObject({ makespanRatio: 1, lateTasks: 0 });
    expect(n.waveRatio).toBeGreaterThan(1);
  });
});

describe('totalsOf', () => {
  it('keeps its promises when all graphs do', async () => {
    const totals = totalsOf([await figuresOf(hostile)], []);

    expect(totals).toMatchObject({ graphs: 1, tasks: 4, withoutGates: 1, promisesKept: true });
  });

  it.each([
    ['a closure differs', { closureEqual: false }],
    ['a task was late', { lateTasks: 1 }],
    ['a graph of 1,000 tasks is over a budget', { tasks: 1_000, withinBudget: false }],
  ])('breaks its promise when %s', async (_what, broken) => {
    const figures = await figuresOf(hostile);

    expect(totalsOf([{ ...figures, ...broken }], []).promisesKept).toBe(false);
  });

  it('lets a larger graph be over a budget, and says so', async () => {
    const figures = { ...(await figuresOf(hostile)), tasks: 1_001, withinBudget: false };

    expect(totalsOf([figures], [])).toMatchObject({ promisesKept: true, overBudget: [], largeOverBudget: ['hostile'] });
  });

  it('breaks its promise when a graph broke', () => {
    expect(totalsOf([], [{ id: 'a', problem: 'no' }]).promisesKept).toBe(false);
  });
});

describe('renderReport', () => {
  it('prints a row a graph, and what all say together', async () => {
    const figures = { ...(await figuresOf(hostile)), id: 'x'.repeat(80) };

    const report = renderReport([figures], totalsOf([figures], [{ id: 'b', problem: 'does not parse' }]));

    expect(report).toContain(`${'x'.repeat(59)}…`);
    expect(report).toContain('1 graphs, 4 tasks. 1 broken: b: does not parse.');
    expect(report).toContain('none different.');
  });
});
