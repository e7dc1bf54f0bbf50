import { describe, expect, it } from 'vitest';
import { createChance, seedOf } from '../../../core/chance/chance.ts';

const draw = (seed: number, count: number): number[] => {
  const chance = createChance(seed);
  return Array.from({ length: count }, chance);
};

describe('createChance', () => {
  it('draws the same for the same seed, and other things for another', () => {
    expect(draw(7, 5)).toEqual(draw(7, 5));
    expect(draw(7, 5)).not.toEqual(draw(8, 5));
  });

  it('draws evenly from 0 to below 1', () => {
    const tenths = new Map<number, number>();
    for (const value of draw(1, 10_000))
      tenths.set(Math.floor(10 * value), (tenths.get(Math.floor(10 * value)) ?? 0) + 1);

    expect([...tenths.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(Math.min(...tenths.values())).toBeGreaterThan(900);
  });
});

describe('seedOf', () => {
  it('tells texts apart that hardly differ', () => {
    const seeds = ['1 a 1', '1 a 2', '1 b 1', '2 a 1', '', ' '].map(seedOf);

    expect(new Set(seeds).size).toBe(seeds.length);
  });
});
