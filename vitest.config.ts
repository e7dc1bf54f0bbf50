import { defineConfig } from 'vitest/config';

// The CI script counts tests from a report, so that it can run `npm test` exactly as everybody does.
const report = process.env.SKEIN_TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
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
