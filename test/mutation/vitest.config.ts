import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['test/unit/core/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
});
