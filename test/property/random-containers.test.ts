import { describe, expect, it } from 'vitest';
import { wholeLanguage } from '../../simulation/index.ts';
import { holdAgainstReference, RUNS, TIMEOUT } from './agreement.ts';

describe('the compiler and the embedded engine', () => {
  it(
    `agree with the reference on ${RUNS} random groups and loops`,
    async () => {
      await expect(
        holdAgainstReference({ ...wholeLanguage, child: 0, wait: 1, emit: 1, loop: 8, group: 8, forEach: 0 }),
      ).resolves.toBeUndefined();
    },
    TIMEOUT,
  );
});
