import { defineConfig } from 'vitest/config';

// The CI script counts tests from a report, so that it can run `npm test` exactly as everybody does.
const report = process.env.SKEIN_TEST_REPORT;

// Mutants live in the rules and in the press: the tests of those kill them, and need no process and no file.
const isMutationRun = process.env.STRYKER_MUTATOR_WORKER !== undefined;

export default defineConfig({
  test: {
    include: isMutationRun ? ['test/core/**/*.test.ts', 'test/statemachines/**/*.test.ts'] : ['test/**/*.test.ts'],
    exclude: ['test/deploy/**', 'node_modules/**'],
    testTimeout: 60_000,
    pool: 'forks',
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    coverage: {
      provider: 'v8',
      include: ['core/**', 'statemachines/**', 'engine/**', 'local/**', 'adapters/**', 'api/**', 'cli/**'],
      reporter: ['text-summary', 'json-summary', 'html'],
    },
  },
});
