import { defineConfig } from 'vitest/config';

// As in vitest.config.ts: the CI script counts tests from a report.
const report = process.env.SKEIN_TEST_REPORT;

const shared = {
  setupFiles: ['test/property-seed.ts'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks',
} as const;

// What needs Java, Python or an AWS endpoint.
export default defineConfig({
  test: {
    maxWorkers: '100%',
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      { test: { ...shared, name: 'stores', include: ['test/deploy/stores/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'aws',
          include: ['test/deploy/**/*.test.ts'],
          exclude: ['test/deploy/stores/**'],
          // Installs and starts the emulator, unless AWS_ENDPOINT_URL names one.
          globalSetup: ['test/deploy/emulator/global-setup.ts'],
        },
      },
    ],
  },
});
