import { defineConfig } from 'vitest/config';
import { suites } from './test/suites.mjs';

/** One project for each suite of tests; `test/run.mjs` runs them. */
export default defineConfig({
  test: {
    // One for each core of a small machine; by default one core is left free, though most tests wait more than they calculate.
    maxWorkers: 2,
    projects: suites
      .filter(({ command, pytest }) => command === undefined && pytest === undefined)
      .map(({ name, options, folder = `test/${name}`, long = false }) => ({
        test: {
          name,
          include: [`${folder}/**/*.test.ts`],
          // Long runs look for what the fixed seed does not reach.
          setupFiles: long ? [] : ['test/fixed-seed.ts'],
          ...options,
        },
      })),
  },
});
