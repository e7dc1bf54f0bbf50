import { describe, expect, it } from 'vitest';
import { mostAtOnce } from '../../../../core/projections/verify/overlap.ts';

type Pair = readonly [from: number, to: number];

describe('mostAtOnce', () => {
  it.each<[string, Pair[], number]>([
    ['nothing', [], 0],
    ['one', [[0, 5]], 1],
    [
      'one after the other',
      [
        [5, 9],
        [0, 5],
      ],
      1,
    ],
    [
      'two that overlap',
      [
        [0, 5],
        [4, 9],
      ],
      2,
    ],
    [
      'two within a third',
      [
        [0, 9],
        [1, 2],
        [3, 4],
      ],
      2,
    ],
    [
      'three at one moment',
      [
        [0, 4],
        [3, 9],
        [1, 8],
      ],
      3,
    ],
    [
      'what took no time',
      [
        [3, 3],
        [0, 5],
      ],
      1,
    ],
    [
      'what ended before it began',
      [
        [5, 1],
        [0, 9],
        [2, 4],
      ],
      2,
    ],
  ])('of %s', (_what, pairs, most) => {
    expect(mostAtOnce(pairs.map(([from, to]) => ({ from, to })))).toBe(most);
  });
});
