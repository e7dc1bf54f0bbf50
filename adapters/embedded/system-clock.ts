import type { Clock } from '../../core/ports/index.ts';

export function createSystemClock(): Clock {
  return { now: () => Date.now() };
}
