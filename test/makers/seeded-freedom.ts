import { createChance } from '../../core/chance/index.ts';
import type { Freedom } from '../property/reference.ts';

/** Choices that look random and are the same for the same seed. */
export function seededFreedom(seed: number): Freedom {
  const random = createChance(seed);
  return { choose: (options) => Math.floor(random() * options) };
}
