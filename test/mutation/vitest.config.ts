import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

/** A run for a mutant ends with the first test that fails, so the cheap files come first. */
class SmallestFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]): ReturnType<BaseSequencer['sort']> {
    return (await super.sort(files)).reverse();
  }
}

/** The test files of one slice, for Stryker's runner; `run.mjs` names their patterns. */
export default defineConfig({
  test: {
    include: (process.env.SLUICE_MUTATION_TESTS ?? 'test/unit/**/*.test.ts').split(' '),
    // A mutant for which something is waited for without end fails by this, sooner than Stryker gives the run up.
    testTimeout: 1000 * Number(process.env.SLUICE_MUTATION_SECONDS ?? 10),
    isolate: false,
    sequence: { sequencer: SmallestFirst },
  },
});
