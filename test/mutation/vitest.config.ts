import { defineConfig } from 'vitest/config';

/** The unit and contract tests as one project, for Stryker's runner. */
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/contract/**/*.test.ts'],
    testTimeout: 120_000,
  },
});
