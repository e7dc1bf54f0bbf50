import { describe, expect, it } from 'vitest';
import { isWorthAWarning, refusedCall, refusedChild } from '../../../core/resilience/index.ts';

describe('refusedCall', () => {
  it.each([
    ['nothing is limited', {}, { calls: 1_000, seconds: 1_000 }],
    ['the last call is left', { calls: 3 }, { calls: 2, seconds: 0 }],
    ['a second is left', { wallTime: 60 }, { calls: 0, seconds: 59 }],
    ['only depth is limited', { depth: 1 }, { calls: 9, seconds: 9 }],
  ])('lets a call through when %s', (_, limits, use) => {
    expect(refusedCall(limits, use)).toBeUndefined();
  });

  it.each([
    [{ calls: 3 }, { calls: 3, seconds: 0 }, { budget: 'calls', limit: 3, used: 3 }],
    [{ wallTime: 60 }, { calls: 0, seconds: 60 }, { budget: 'wall_time', limit: 60, used: 60 }],
    [
      { wallTime: 60, calls: 3 },
      { calls: 3, seconds: 61 },
      { budget: 'wall_time', limit: 60, used: 61 },
    ],
  ])('refuses one beyond %j', (limits, use, verdict) => {
    expect(refusedCall(limits, use)).toEqual(verdict);
  });
});

describe('refusedChild', () => {
  it('lets children be as deep as the budget says, and no deeper', () => {
    expect(refusedChild({ depth: 2 }, 2)).toBeUndefined();
    expect(refusedChild({ depth: 2 }, 3)).toEqual({ budget: 'depth', limit: 2, used: 2 });
    expect(refusedChild({}, 16)).toBeUndefined();
  });
});

describe('isWorthAWarning', () => {
  it.each([
    [10, 8],
    [200, 160],
    [3, 3],
    [1, 1],
  ])('is true once: of %i calls at the %ith', (limit, call) => {
    const calls = Array.from({ length: limit }, (_, index) => index + 1);

    expect(calls.filter((made) => isWorthAWarning(limit, made))).toEqual([call]);
  });
});
