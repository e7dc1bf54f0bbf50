import { describe, expect, it } from 'vitest';
import { wholeLanguage } from '../../simulation/index.ts';
import { holdAgainstReference, RUNS, TIMEOUT } from './agreement.ts';

describe('the compiler and the embedded engine', () => {
  it(
    `agree with the reference on ${RUNS} random waits and events`,
    async () => {
      await expect(
        holdAgainstReference({ ...wholeLanguage, child: 2, wait: 12, emit: 8, loop: 2, group: 2, forEach: 0 }),
      ).resolves.toBeUndefined();
    },
    TIMEOUT,
  );
});
