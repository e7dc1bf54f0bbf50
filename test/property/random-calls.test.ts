import { describe, expect, it } from 'vitest';
import { wholeLanguage } from '../../simulation/index.ts';
import { holdAgainstReference, RUNS, TIMEOUT } from './agreement.ts';

describe('the compiler and the embedded engine', () => {
  it(
    `agree with the reference on ${RUNS} random calls of for_each and children`,
    async () => {
      await expect(
        holdAgainstReference({ ...wholeLanguage, child: 8, wait: 0, emit: 0, loop: 2, group: 0, forEach: 8 }),
      ).resolves.toBeUndefined();
    },
    TIMEOUT,
  );
});
