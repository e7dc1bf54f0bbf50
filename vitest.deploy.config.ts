import { defineConfig } from 'vitest/config';

// As in vitest.config.ts: the CI script counts tests from a report.
const report = process.env.SKEIN_TEST_REPORT;

const shared = {
  setupFiles: ['test/property-seed.ts'],
  // On two cores, beside others that work hard: a test of the API may wait half a minute for its machine.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
};

// What needs Java, Python or an AWS endpoint.
export default defineConfig({
  test: {
    maxWorkers: '100%',
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      { test: { ...shared, name: 'stores', include: ['test/deploy/stores/**/*.test.ts'] } },
      // Each of these installs and starts an emulator of its own, unless AWS_ENDPOINT_URL names one.
      {
        test: {
          ...shared,
          name: 'emulator',
          include: ['test/deploy/*.test.ts', 'test/deploy/{emulator,canaries,machines}/**/*.test.ts'],
          globalSetup: ['test/deploy/emulator/global-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'deployment',
          include: ['test/deploy/deployment/**/*.test.ts'],
          globalSetup: ['test/deploy/deployment/global-setup.ts'],
        },
      },
    ],
  },
});
