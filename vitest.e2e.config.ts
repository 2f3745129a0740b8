import { defineConfig } from 'vitest/config';

/** As-deployed tests: real processes, sockets and seconds. One file at a time, because they measure. */
export default defineConfig({
  test: {
    include: ['test/e2e/aws/**/*.e2e.test.ts', 'test/e2e/cli-aws.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 150_000,
    hookTimeout: 120_000,
  },
});
