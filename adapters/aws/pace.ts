import type { Clock } from '../../core/ports/index.ts';

export interface PaceOptions {
  /** In the long run. */
  readonly perSecond: number;
  /** At once, after a rest. */
  readonly burst: number;
  readonly clock: Clock;
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** Lets whoever awaits it go on as often as an API allows: a bucket of tokens that fills again by and by. */
export function createPace({ perSecond, burst, clock, pause }: PaceOptions): () => Promise<void> {
  const interval = 1_000 / perSecond;
  /** When the bucket will be full again, if nobody asks. */
  let full = -Infinity;
  return async () => {
    const now = clock.now();
    full = Math.max(full, now) + interval;
    const early = full - now - burst * interval;
    if (early > 0) await pause(early);
  };
}
