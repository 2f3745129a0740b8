import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // As deployed, in real seconds: `npm run e2e`.
    exclude: [...configDefaults.exclude, 'test/e2e/aws/**', 'test/e2e/cli-aws.test.ts'],
    pool: 'threads',
    // The drills mostly wait: on two cores a second worker halves the time.
    maxWorkers: '100%',
    // A property runs hundreds of cases, and two cores may be shared; what hangs should still be named soon.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Nothing may depend on the order. The seed is printed; `--sequence.seed` repeats it.
    sequence: { shuffle: true },
    coverage: {
      provider: 'v8',
      include: ['src/core/**', 'src/sim/**'],
      reporter: ['text-summary', 'html'],
    },
  },
});
