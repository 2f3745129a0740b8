import { defineConfig } from 'vitest/config';

/** As-deployed tests: real processes, sockets and seconds. One file at a time, because they measure. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.test.ts'],
    pool: 'forks',
    globalSetup: ['test/support/temporary-folder.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
