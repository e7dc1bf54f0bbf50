import { describe, expect, it } from 'vitest';
import { settledTaskStatuses, waitsWithoutCause } from '../../../core/execution/index.ts';

describe('waitsWithoutCause', () => {
  it('is true of a task that waits and does not say what for', () => {
    expect(waitsWithoutCause({ status: 'parked' })).toBe(true);
    expect(waitsWithoutCause({ status: 'pending' })).toBe(true);
    expect(waitsWithoutCause({ status: 'parked', cause: { kind: 'schedule', at: 1 } })).toBe(false);
  });

  it('is false of whatever runs or has settled', () => {
    for (const status of ['running', ...settledTaskStatuses] as const)
      expect(waitsWithoutCause({ status })).toBe(false);
  });
});
