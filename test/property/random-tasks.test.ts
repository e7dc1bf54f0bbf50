import { describe, expect, it } from 'vitest';
import { plainTasks } from '../../simulation/index.ts';
import { holdAgainstReference, RUNS, TIMEOUT } from './agreement.ts';

describe('the compiler and the embedded engine', () => {
  it(
    `agree with the reference on ${RUNS} random graphs of agents' tasks`,
    async () => {
      await expect(holdAgainstReference(plainTasks)).resolves.toBeUndefined();
    },
    TIMEOUT,
  );
});
