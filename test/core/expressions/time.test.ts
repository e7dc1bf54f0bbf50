import { describe, expect, it } from 'vitest';
import { timeOf } from '../../../core/expressions/index.ts';

const NOON = Date.UTC(2026, 10, 21, 12);

describe('timeOf', () => {
  it.each([
    ['2026-11-21T12:00:00Z', NOON],
    ['2026-11-21T12:00:00.5Z', NOON + 500],
    ['2026-11-21T12:00:00.123456789Z', NOON + 123],
    ['2026-11-21T14:00:00+02:00', NOON],
    ['2026-11-21T06:30:00-05:30', NOON],
    [NOON / 1_000, NOON],
    [0, 0],
    [1.5, 1_500],
  ])('reads %j', (value, time) => {
    expect(timeOf(value)).toBe(time);
  });

  it.each([
    '2026-11-21T12:00:00',
    '2026-11-21',
    '2026-11-21 12:00:00Z',
    ' 2026-11-21T12:00:00Z',
    '2026-11-21T12:00:00Z ',
    '2026-11-21T12:00Z',
    '2026-11-21T12:00:00.Z',
    '2026-11-21T12:00:00.1234567890Z',
    '2026-11-21T12:00:00+2:00',
    '2026-11-21T12:00:00+02',
    '02026-11-21T12:00:00Z',
    '2026-13-21T12:00:00Z',
    '1763726400',
    9e15,
    null,
    true,
    [],
    {},
  ])('reads no time in %j', (value) => {
    expect(timeOf(value)).toBeUndefined();
  });
});
