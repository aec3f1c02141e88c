import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/e2e/**'],
    globalSetup: ['tests/support/vitest-postgres.ts'],
    setupFiles: ['tests/support/fail-on-console-error.ts'],
    restoreMocks: true,
    // The files that one process runs share what they import: loading it anew for each took longer than the tests.
    isolate: false,
    // By default one core is left alone; but much of the time goes into waiting, for PostgreSQL and for clocks.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
