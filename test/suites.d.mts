import type { TestProjectInlineConfiguration } from 'vitest/config';

/** A step of `npm test` or `npm run test:long`. */
export interface Suite {
  readonly name: string;
  /** What it tests, and what it needs. */
  readonly about: string;
  /**
   * A tool of `node_modules/.bin`, or `node`, with its arguments, which passes or fails as a whole. A suite with neither this nor `pytest` is a
   * Vitest project, with the test files below `test/NAME`.
   */
  readonly command?: readonly string[];
  /** Whether `command` is a tool of `native-models/requirements-dev.lock` instead, run in `native-models`. */
  readonly python?: boolean;
  /** Folder of tests for pytest. */
  readonly pytest?: string;
  /** Of its test files, where it is not `test/NAME`. */
  readonly folder?: string;
  /** The suite that it runs at the same time as, where both are run; its output comes afterwards. */
  readonly beside?: string;
  /** Of the Vitest project. */
  readonly options?: NonNullable<TestProjectInlineConfiguration['test']>;
  /** Of `npm run test:long` only. */
  readonly long?: boolean;
}

/** In the order in which they are run. */
export const suites: readonly Suite[];
