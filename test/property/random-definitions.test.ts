import { describe, expect, it } from 'vitest';
import { wholeLanguage } from '../../simulation/index.ts';
import { holdAgainstReference, RUNS, TIMEOUT } from './agreement.ts';

describe('the compiler and the embedded engine', () => {
  it(
    `agree with the reference on ${RUNS} random definitions of the whole language`,
    async () => {
      await expect(holdAgainstReference(wholeLanguage)).resolves.toBeUndefined();
    },
    TIMEOUT,
  );
});
