import type { Clock } from '../../core/ports/index.ts';

export interface SteadyClockOptions {
  /** What this machine takes for the time; somebody may set it. */
  readonly wall: Clock;
  /** Milliseconds since any moment, which nobody can set. */
  readonly elapsed: () => number;
  /** Epoch milliseconds: no time before is ever told. */
  readonly since: number;
}

/**
 * Time that never goes back, in whole milliseconds. While the wall clock is ahead it is the wall clock's; once that is set back, time goes
 * on from where it was as fast as before, so that what lasts a minute lasts a minute. It counts by the stopwatch in between only,
 * because a stopwatch may stand still while a laptop sleeps.
 */
export function createSteadyClock({ wall, elapsed, since }: SteadyClockOptions): Clock {
  let base = since;
  let start = elapsed();
  return {
    now: () => {
      const steady = Math.floor(base + elapsed() - start);
      const told = wall.now();
      if (told <= steady) return steady;
      base = told;
      start = elapsed();
      return told;
    },
  };
}
