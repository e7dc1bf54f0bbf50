import { describe, expect, it } from 'vitest';
import { growthOf } from '../../../bench/soak/probe.ts';

const sampleAt = (minutes: number, heap: number) => ({
  minutes,
  heap,
  resident: 0,
  handles: 7,
  descriptors: 2 * minutes,
});

describe('growthOf', () => {
  it('leaves the warming up out: only the later half of the time counts', () => {
    const samples = [sampleAt(0, 10), sampleAt(1, 90), sampleAt(2, 30), sampleAt(3, 31), sampleAt(4, 32)];

    expect(growthOf(samples)).toEqual({ heap: 1, handles: 0, descriptors: 2 });
  });

  it('is nothing where nothing was measured', () => {
    expect(growthOf([])).toEqual({ heap: 0, handles: 0, descriptors: 0 });
  });
});
