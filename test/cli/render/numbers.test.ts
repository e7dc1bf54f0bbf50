import { describe, expect, it } from 'vitest';
import { bar, counted, elapsed, limitText, withCommas } from '../../../cli/render/numbers.ts';

describe('elapsed', () => {
  it.each([
    [0, '0 ms'],
    [-5, '0 ms'],
    [85.4, '85 ms'],
    [999.4, '999 ms'],
    [1_000, '1.0 s'],
    [59_999, '59.9 s'],
    [60_000, '1m00s'],
    [125_000, '2m05s'],
    [3_599_999, '59m59s'],
    [5_400_000, '1h30m'],
    [86_400_000, '1d0h'],
    [273_600_000, '3d4h'],
  ])('says %d ms as %s', (milliseconds, text) => {
    expect(elapsed(milliseconds)).toBe(text);
  });
});

describe('limitText', () => {
  it.each([
    [0.5, '0.5 s'],
    [300, '300 s'],
    [600, '10m'],
    [605, '10m05s'],
    [3_600, '1h'],
    [5_400, '1h30m'],
    [31_536_000, '365d'],
  ])('says %d seconds as %s', (seconds, text) => {
    expect(limitText(seconds)).toBe(text);
  });
});

describe('bar', () => {
  it('draws something as something, and no more than everything', () => {
    expect(bar(0, 4)).toBe('░░░░');
    expect(bar(0.01, 4)).toBe('█░░░');
    expect(bar(0.5, 4)).toBe('██░░');
    expect(bar(0.99, 4)).toBe('███░');
    expect(bar(3, 4)).toBe('████');
  });
});

describe('counted', () => {
  it('knows one from many', () => {
    expect([counted(0, 'task'), counted(1, 'task'), counted(1_200, 'task')]).toEqual([
      '0 tasks',
      '1 task',
      '1,200 tasks',
    ]);
  });
});

describe('withCommas', () => {
  it('groups thousands, wherever it runs', () => {
    expect(withCommas(850_000)).toBe('850,000');
  });
});
