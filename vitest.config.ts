import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real processes and real seconds: `npm run e2e`.
    exclude: [...configDefaults.exclude, 'test/e2e/**'],
    pool: 'threads',
    globalSetup: ['test/support/temporary-folder.ts'],
    maxWorkers: '100%',
    // Files share the modules that they import, which hold no state. To load them anew for each took a third of the
    // time.
    isolate: false,
    // For what hangs. A test that works must pass on a machine that is ten times overloaded, so no limit is near its
    // time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // Nothing may depend on the order. The seed is printed; `--sequence.seed` repeats it.
    sequence: { shuffle: true },
    coverage: {
      provider: 'v8',
      include: ['src/core/**', 'src/sim/**'],
      reporter: ['text-summary', 'html'],
      // The floor of the core, for each glob as a whole; a little below what its own tests and the planted bugs alone
      // reach.
      thresholds: { 'src/core/**': { lines: 88, statements: 86, functions: 88, branches: 80 } },
    },
  },
});
