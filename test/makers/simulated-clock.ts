import type { Clock } from '../../core/ports/index.ts';
import { midnight } from './event-log.ts';

export interface SimulatedClock extends Clock {
  /** Time moves when the test says so, and never back. */
  advanceTo(time: number): void;
  advanceBy(milliseconds: number): void;
}

export function createSimulatedClock(start = midnight): SimulatedClock {
  let now = start;
  const advanceTo = (time: number): void => {
    now = Math.max(now, time);
  };
  return { now: () => now, advanceTo, advanceBy: (milliseconds) => advanceTo(now + milliseconds) };
}
