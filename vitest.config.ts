import { defineConfig } from 'vitest/config';
import { suites } from './test/suites.mjs';

/** One project for each suite of tests; `test/run.mjs` runs them. */
export default defineConfig({
  test: {
    projects: suites
      .filter(({ command, pytest }) => command === undefined && pytest === undefined)
      .map(({ name, options }) => ({ test: { name, include: [`test/${name}/**/*.test.ts`], ...options } })),
  },
});
