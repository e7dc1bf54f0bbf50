import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSteadyClock } from '../../../adapters/embedded/index.ts';

const HOUR = 3_600_000;

function aMachine({ since = 0, at = 1_000_000 } = {}) {
  let wall = at;
  let elapsed = 77.7;
  const clock = createSteadyClock({ wall: { now: () => Math.floor(wall) }, elapsed: () => elapsed, since });
  return {
    clock,
    wallNow: () => Math.floor(wall),
    pass: (milliseconds: number) => {
      wall += milliseconds;
      elapsed += milliseconds;
    },
    setWall: (milliseconds: number) => void (wall += milliseconds),
  };
}

describe('createSteadyClock', () => {
  it('tells what the wall clock tells', () => {
    const { clock, pass } = aMachine({ at: 5_000 });
    const begun = clock.now();

    pass(60_000);

    expect([begun, clock.now()]).toEqual([5_000, 65_000]);
  });

  it('goes on as fast as before when the wall clock is set back', () => {
    const { clock, pass, setWall } = aMachine({ at: 10 * HOUR });
    const before = clock.now();

    setWall(-HOUR);
    const at = clock.now();
    pass(1_500);

    expect([at - before, clock.now() - before]).toEqual([0, 1_500]);
  });

  it('goes with the wall clock when that is set forward, or when the machine has slept', () => {
    const { clock, pass, setWall } = aMachine({ at: 10 * HOUR });
    clock.now();

    setWall(2 * HOUR);
    const at = clock.now();
    pass(10);

    expect([at, clock.now()]).toEqual([12 * HOUR, 12 * HOUR + 10]);
  });

  it('begins where an earlier life has ended, and follows the wall clock from where that comes there', () => {
    const { clock, pass, setWall } = aMachine({ at: 9 * HOUR, since: 10 * HOUR });
    const begun = clock.now();
    pass(30_000);
    const behind = clock.now();

    setWall(2 * HOUR);

    expect([begun, behind, clock.now()]).toEqual([10 * HOUR, 10 * HOUR + 30_000, 11 * HOUR + 30_000]);
  });

  it('never goes back, is never behind the wall clock, and tells whole milliseconds, whatever happens to that', () => {
    const happening = fc.record({
      set: fc.integer({ min: -HOUR, max: HOUR }),
      pass: fc.double({ min: 0, max: 9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(happening), (happenings) => {
        const { clock, pass, setWall, wallNow } = aMachine({ at: 100 * HOUR });
        let last = clock.now();
        for (const { set, pass: passing } of happenings) {
          setWall(set);
          pass(passing);
          const now = clock.now();
          expect(now).toBeGreaterThanOrEqual(last);
          expect(now).toBeGreaterThanOrEqual(wallNow());
          expect(Number.isInteger(now)).toBe(true);
          last = now;
        }
      }),
    );
  });
});
