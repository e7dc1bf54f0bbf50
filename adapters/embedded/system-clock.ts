import type { Clock } from '../../core/ports/index.ts';
import { createSteadyClock } from './steady-clock.ts';

/** This machine's time, but never before `since` (epoch milliseconds) and never going back. */
export function createSystemClock({ since }: { readonly since: number }): Clock {
  return createSteadyClock({ wall: { now: () => Date.now() }, elapsed: () => performance.now(), since });
}
