import { describe, expect, it } from 'vitest';
import { durationsOf } from '../../../bench/real-graphs/durations.ts';
import { corpusGraph } from './corpus-graph.ts';

const many = Array.from({ length: 4_000 }, (_, index) => `t${index}`);

describe('durationsOf', () => {
  it('takes what was recorded', () => {
    const graph = { ...corpusGraph([], []), tasks: [{ id: 'a', runtimeSeconds: 1.5 }] };

    expect(durationsOf(graph)).toEqual({ kind: 'recorded', of: new Map([['a', 1_500]]) });
  });

  it('invents all durations where one was not recorded', () => {
    const graph = { ...corpusGraph([], []), tasks: [{ id: 'a', runtimeSeconds: 1.5 }, { id: 'b' }] };

    expect(durationsOf(graph).kind).toBe('lognormal');
  });

  it('invents the same for the same graph, and others for another', () => {
    const graph = corpusGraph(many, []);

    expect(durationsOf(graph)).toEqual(durationsOf(graph));
    expect(durationsOf(graph)).not.toEqual(durationsOf({ ...graph, id: 'another' }));
  });

  it('spreads logarithms with a deviation of one around a minute', () => {
    const logarithms = [...durationsOf(corpusGraph(many, [])).of.values()].map((it) => Math.log(it / 60_000));

    const mean = logarithms.reduce((sum, it) => sum + it, 0) / many.length;
    const deviation = Math.sqrt(logarithms.reduce((sum, it) => sum + (it - mean) ** 2, 0) / many.length);
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(Math.abs(deviation - 1)).toBeLessThan(0.05);
  });
});
