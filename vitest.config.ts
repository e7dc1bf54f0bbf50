import { defineConfig } from 'vitest/config';

// The CI script counts tests from a report, so that it can run `npm test` exactly as everybody does.
const report = process.env.SKEIN_TEST_REPORT;

// Tests of masses are left out when mutants are run: they touch every line, take seconds, and would be run again for each of them.
const isMutationRun = process.env.STRYKER_MUTATOR_WORKER !== undefined;
const masses =
  /10,000|million|00,000|1,000 tasks|thousand|in good time|good time|asl-validator|any names|any text|any slip|still parses|nobody would read|falls back|can be checked|never claims|never beaten|what sets would|exactly the tasks|what fits a schema|playing the workflow|only if no execution|across regions|holds everybody up/;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/deploy/**', 'node_modules/**'],
    ...(isMutationRun && { testNamePattern: new RegExp(`^(?!.*(?:${masses.source}))`) }),
    setupFiles: ['test/property-seed.ts'],
    testTimeout: 60_000,
    pool: 'forks',
    // One a core: most of the time goes into computing, and the runner itself does little.
    maxWorkers: '100%',
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    coverage: {
      provider: 'v8',
      include: ['core/**', 'statemachines/**', 'engine/**', 'local/**', 'adapters/**', 'api/**', 'cli/**'],
      reporter: ['text-summary', 'json-summary', 'html'],
    },
  },
});
