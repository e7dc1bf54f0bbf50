import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { graphFiles, readGraph } from '../../../bench/real-graphs/corpus.ts';
import { figuresOf, type GraphFigures } from '../../../bench/real-graphs/figures.ts';

/** Graphs that others wrote; their licences do not let them into this repository. */
const corpus =
  process.env['SKEIN_GRAPHS'] ?? fileURLToPath(new URL('../../../../shared/graphs/corpus', import.meta.url));
const isHere = existsSync(corpus);
if (!isHere) console.info(`Skipped: no corpus of real graphs at ${corpus}; SKEIN_GRAPHS may name another folder.`);

const LONGEST_NAME = 80;

/** One machine has to do up to here. */
const LARGE = 1_000;
const BYTES = 850_000;
const EVENTS = 15_000;

describe.runIf(isHere)('the corpus of real graphs', () => {
  const graphs = isHere ? graphFiles(corpus).map(readGraph) : [];

  it('has graphs', () => {
    expect(graphs.length).toBeGreaterThan(0);
  });

  it.each(graphs.map((graph) => [graph.id, graph] as const))('%s', async (_id, graph) => {
    const figures = await figuresOf(graph, { rounds: 1 });

    // A machine that is not sound, a name used twice among them, does not get through the compiler.
    expect(figures.closureEqual).toBe(true);
    expect(figures.longestName).toBeLessThanOrEqual(LONGEST_NAME);
    expect(figures.lateTasks).toBe(0);
    if (graph.tasks.length <= LARGE) expect(overBudget(figures)).toEqual([]);
  });
});

function overBudget({ bytes, events, withinBudget }: GraphFigures): string[] {
  return [
    ...(bytes > BYTES ? [`${bytes} bytes`] : []),
    ...(events > EVENTS ? [`${events} events`] : []),
    ...(withinBudget ? [] : ['a figure over its budget']),
  ];
}
