import { describe, expect, it } from 'vitest';
import {
  counted,
  duration,
  lowerFirst,
  moment,
  nameList,
  quoted,
} from '../../../../core/projections/explain/wording.ts';
import { midnight } from '../../../makers/event-log.ts';

describe('nameList', () => {
  it.each([
    [[], ''],
    [['a'], '`a`'],
    [['a', 'b'], '`a` and `b`'],
    [['a', 'b', 'c'], '`a`, `b` and `c`'],
    [['a', 'b', 'c', 'd'], '`a`, `b`, `c` and 1 more'],
    [['a', 'b', 'c', 'd', 'e'], '`a`, `b`, `c` and 2 more'],
  ])('of %j is %s', (names, text) => {
    expect(nameList(names)).toBe(text);
  });

  it('shows as many as it is told', () => {
    expect(nameList(['a', 'b', 'c'], 1)).toBe('`a` and 2 more');
  });
});

describe('duration', () => {
  it.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [449.6, '450 ms'],
    [999, '999 ms'],
    [1_000, '1 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [3_605_000, '1 h'],
    [7_380_000, '2 h 3 min'],
    [86_400_000, '1 d'],
    [97_260_000, '1 d 3 h'],
  ])('of %d ms is %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});

describe('moment', () => {
  it.each([
    [midnight + 12_000, midnight, '2026-11-21T00:00:12Z (in 12 s)'],
    [midnight, midnight, '2026-11-21T00:00:00Z (in 0 ms)'],
    [midnight + 250, midnight + 60_250, '2026-11-21T00:00:00.250Z (1 min ago)'],
  ])('says when it is and how far away: %d at %d', (at, now, text) => {
    expect(moment(at, now)).toBe(text);
  });
});

describe('the words of a sentence', () => {
  it('are quoted, counted and begin in lower case in the middle', () => {
    expect(quoted('lint')).toBe('`lint`');
    expect([0, 1, 2].map((count) => counted(count, 'attempt'))).toEqual(['0 attempts', '1 attempt', '2 attempts']);
    expect(lowerFirst('Task `A` failed')).toBe('task `A` failed');
  });
});
