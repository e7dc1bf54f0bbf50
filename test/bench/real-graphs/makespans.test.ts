import { describe, expect, it } from 'vitest';
import { makespansOf } from '../../../bench/real-graphs/makespans.ts';
import { corpusGraph } from './corpus-graph.ts';

/** Two chains side by side: the first is slow at its start, the second at its end. */
const chains = corpusGraph(['a', 'b', 'c', 'd'], ['a b', 'c d']);
const durations = new Map([
  ['a', 100],
  ['b', 1],
  ['c', 1],
  ['d', 100],
]);

describe('makespansOf', () => {
  it('takes the longest path for the least', () => {
    expect(makespansOf(chains, durations).criticalPath).toBe(101);
  });

  it('adds up the slowest of each layer for waves', () => {
    expect(makespansOf(chains, durations).waves).toBe(200);
  });

  it('says when each task could start', () => {
    expect(makespansOf(chains, durations).earliest).toEqual(
      new Map([
        ['a', 0],
        ['b', 100],
        ['c', 0],
        ['d', 1],
      ]),
    );
  });

  it('refuses a cycle', () => {
    expect(() => makespansOf(corpusGraph(['a', 'b'], ['a b', 'b a']), durations)).toThrow('cycle');
  });
});
