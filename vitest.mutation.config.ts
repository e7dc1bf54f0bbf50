import { defineConfig } from 'vitest/config';

/** For `npm run mutation`: the tests of the rules and of the press, which need no process, no file of a run and no browser. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts', 'test/statemachines/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
