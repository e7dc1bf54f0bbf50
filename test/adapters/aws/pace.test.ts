import { describe, expect, it } from 'vitest';
import { createPace } from '../../../adapters/aws/index.ts';

/** A process whose time passes only while somebody waits. */
function open() {
  let now = 1_000;
  const pause = async (milliseconds: number): Promise<void> => void (now += milliseconds);
  return {
    pace: createPace({ perSecond: 10, burst: 100, clock: { now: () => now }, pause }),
    rest: (milliseconds: number) => void (now += milliseconds),
    passed: () => now - 1_000,
  };
}

describe('createPace', () => {
  it('lets a burst through at once, and then so many a second', async () => {
    const { pace, passed } = open();

    for (let asked = 0; asked < 100; asked += 1) await pace();
    expect(passed()).toBe(0);
    for (let asked = 0; asked < 150; asked += 1) await pace();

    expect(passed()).toBeCloseTo(15_000);
  });

  it('lets another burst through after a rest', async () => {
    const { pace, rest, passed } = open();
    for (let asked = 0; asked < 100; asked += 1) await pace();
    rest(10_000);

    for (let asked = 0; asked < 100; asked += 1) await pace();

    expect(passed()).toBe(10_000);
  });
});
