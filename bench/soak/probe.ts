import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { slope } from '../statistics.ts';

/** What this process holds at a moment. */
export interface Sample {
  /** Since the beginning. */
  readonly minutes: number;
  /** Megabytes that are in use after a collection. */
  readonly heap: number;
  readonly resident: number;
  /** Timers, sockets, processes and whatever else keeps Node.js alive. */
  readonly handles: number;
  readonly descriptors: number;
}

export interface Growth {
  /** Each a minute, by least squares over the later half of the time. */
  readonly heap: number;
  readonly handles: number;
  readonly descriptors: number;
}

const MEGABYTE = 1_024 * 1_024;

/** Answers samples. Needs /proc for the descriptors; elsewhere they are 0. */
export function createProbe(): () => Sample {
  setFlagsFromString('--expose-gc');
  // `gc` is defined in contexts that are made after the flag was set.
  const collect = runInNewContext('gc') as () => void;
  const from = performance.now();
  return () => {
    collect();
    const { heapUsed, rss } = process.memoryUsage();
    return {
      minutes: (performance.now() - from) / 60_000,
      heap: heapUsed / MEGABYTE,
      resident: rss / MEGABYTE,
      handles: process.getActiveResourcesInfo().length,
      descriptors: descriptors(),
    };
  };
}

function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

/** How fast it grows once it has warmed up. */
export function growthOf(samples: readonly Sample[]): Growth {
  const half = (samples.at(-1)?.minutes ?? 0) / 2;
  const later = samples.filter(({ minutes }) => minutes >= half);
  const of = (key: keyof Growth) => slope(later.map((sample) => ({ x: sample.minutes, y: sample[key] })));
  return { heap: of('heap'), handles: of('handles'), descriptors: of('descriptors') };
}
