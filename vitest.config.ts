import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/deploy/**', 'node_modules/**'],
    testTimeout: 60_000,
    pool: 'forks',
    coverage: {
      provider: 'v8',
      include: ['core/**', 'statemachines/**', 'engine/**', 'local/**', 'adapters/**'],
      reporter: ['text-summary', 'json-summary', 'html'],
    },
  },
});
