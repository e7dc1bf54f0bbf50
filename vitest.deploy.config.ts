import { defineConfig } from 'vitest/config';

// As in vitest.config.ts: the CI script counts tests from a report.
const report = process.env.SKEIN_TEST_REPORT;

// What needs Java, Python or an AWS endpoint. The emulator is installed and started by the first test file that asks for it.
export default defineConfig({
  test: {
    include: ['test/deploy/**/*.test.ts'],
    setupFiles: ['test/property-seed.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: '100%',
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
