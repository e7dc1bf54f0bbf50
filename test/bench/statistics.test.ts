import { describe, expect, it } from 'vitest';
import { exponent, percentile, slope } from '../../bench/statistics.ts';

describe('percentile', () => {
  it('is a value that was measured, whatever the order', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);

    expect([0, 0.01, 0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([1, 1, 50, 95, 99, 100]);
  });

  it('is the largest of few where nearly all are asked for', () => {
    expect(percentile([3, 1, 2], 0.99)).toBe(3);
  });

  it('compares numbers, not texts', () => {
    expect(percentile([10, 9, 100], 0.5)).toBe(10);
  });

  it('is 0 of nothing', () => {
    expect(percentile([], 0.5)).toBe(0);
  });
});

describe('slope', () => {
  it('is exact on a line, from wherever it starts', () => {
    const line = [1, 2, 5, 9].map((x) => ({ x, y: 100 - 3 * x }));

    expect(slope(line)).toBeCloseTo(-3, 12);
  });

  it('lies between points that are on no line', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 1, y: 4 },
      { x: 2, y: 2 },
    ];

    expect(slope(points)).toBeCloseTo(1, 12);
  });

  it.each([[[]], [[{ x: 1, y: 7 }]], [[1, 2, 3].map((y) => ({ x: 4, y }))]])(
    'is 0 where nothing has a direction',
    (points) => {
      expect(slope(points)).toBe(0);
    },
  );
});

describe('exponent', () => {
  it.each([0, 0.5, 1, 2])('finds the power %d, whatever one unit costs', (power) => {
    const points = [1_250, 2_500, 5_000, 10_000].map((x) => ({ x, y: 0.037 * x ** power }));

    expect(exponent(points)).toBeCloseTo(power, 12);
  });
});
