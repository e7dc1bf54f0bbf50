import { describe, expect, it } from 'vitest';
import { withPauses, wholeLanguage } from '../../simulation/index.ts';
import { holdAgainstReference, RUNS, TIMEOUT } from './agreement.ts';

describe('the compiler and the embedded engine', () => {
  it(
    `agree with the reference on ${RUNS} random workflows that are paused and resumed`,
    async () => {
      await expect(holdAgainstReference(wholeLanguage, withPauses)).resolves.toBeUndefined();
    },
    TIMEOUT,
  );
});
