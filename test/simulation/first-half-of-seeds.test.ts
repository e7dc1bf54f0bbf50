import { describe, expect, it } from 'vitest';
import { playSeeds, SEEDS, TIMEOUT } from './played-seeds.ts';

describe('the first half of the seeds', () => {
  it(
    'break no promise, whatever goes wrong',
    async () => {
      expect((await playSeeds(0)).runs).toBe(SEEDS);
    },
    TIMEOUT,
  );
});
