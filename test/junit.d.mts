/** What a run of pytest reports. */
export interface JunitReport {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
  /** Failed tests, and errors outside of a test such as a file that cannot be imported. */
  readonly failures: readonly { readonly test: string; readonly message: string }[];
}

/** Reads a report in JUnit's XML, as pytest writes it. Returns undefined if it is incomplete. */
export function readJunit(xml: string): JunitReport | undefined;
