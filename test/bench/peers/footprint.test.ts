import { describe, expect, it } from 'vitest';
import { parentIn, ticksIn, withAllBelow } from '../../../bench/peers/footprint.ts';

describe('withAllBelow', () => {
  it('finds children of children, and nobody else', () => {
    const parentOf = new Map([
      [30, 20],
      [20, 10],
      [10, 1],
      [40, 1],
      [31, 30],
    ]);

    expect(withAllBelow([10], parentOf).toSorted()).toEqual([10, 20, 30, 31]);
  });
});

describe('what is read of a process', () => {
  const line = '42 (a) S 1 (b) S 7 42 42 0 -1 4194560 9 9 0 0 11 22 33 44 20 0 1 0 5';

  it('is its parent, whatever its name is', () => {
    expect(parentIn(line)).toBe(7);
    expect(parentIn('')).toBe(0);
  });

  it('is the time of the processor, with that of its ended children', () => {
    expect(ticksIn(line)).toBe(110);
    expect(ticksIn('')).toBe(0);
  });
});
