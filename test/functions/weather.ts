import { createChance } from '../../core/chance/index.ts';
import type { SimulatedWorld } from '../makers/simulated-world.ts';

export interface Storm {
  readonly seed: number;
  /** 0 to 1, each for itself: of messages that come twice, late, or never. */
  readonly twice: number;
  readonly late: number;
  readonly lost: number;
  /** Of invocations that die. */
  readonly deaths: number;
}

/** Carries messages from one service to another, as badly as the storm says, until it is over. */
export interface Weather {
  readonly chance: () => number;
  /** Delivers after so many milliseconds: not at all, once or twice, and perhaps behind what was sent later. */
  carry(delay: number, deliver: () => void): void;
  isLost(): boolean;
  calm(): void;
  readonly counts: { carried: number; lost: number; twice: number; late: number };
}

/** A message that is late comes within this many milliseconds. */
const LATEST = 5_000;

export function createWeather(
  { seed, twice, late, lost }: Storm,
  schedule: SimulatedWorld['schedule'],
  now: () => number,
): Weather {
  const chance = createChance(seed);
  const counts = { carried: 0, lost: 0, twice: 0, late: 0 };
  let isCalm = false;
  const happens = (rate: number, what: 'lost' | 'twice' | 'late'): boolean => {
    // Drawn in any case, so that the calm changes nothing that was drawn before.
    const drawn = chance() < rate;
    if (isCalm || !drawn) return false;
    counts[what] += 1;
    return true;
  };
  return {
    chance,
    counts,
    calm: () => (isCalm = true),
    isLost: () => happens(lost, 'lost'),
    carry(delay, deliver) {
      counts.carried += 1;
      if (happens(lost, 'lost')) return;
      const copies = happens(twice, 'twice') ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        const lateness = happens(late, 'late') ? Math.floor(chance() * LATEST) : 0;
        schedule(now() + delay + lateness, deliver);
      }
    },
  };
}
