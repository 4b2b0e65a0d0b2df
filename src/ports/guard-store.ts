import type { GuardCounts, GuardState } from '../core/guard-counts.ts';

/** What is known of one version that became active. Times are epoch milliseconds. */
export interface GuardedVersion extends GuardCounts {
  readonly version: string;
  readonly state: GuardState;
  /** The version that it is compared with; null where there was none. */
  readonly before: string | null;
  /** Who or what decided its state, and why; null as long as it is watched. */
  readonly decided: string | null;
  readonly beganAt: number;
  readonly changedAt: number;
}

export interface GuardDecision {
  readonly state: Exclude<GuardState, 'watching'>;
  /** For people. */
  readonly who: string;
  readonly why: string;
}

/** What all daemons know together of the versions that became active. Throws `STORE_FAILED`. */
export interface GuardStore {
  /** The version that changed last first. */
  list(limit: number): Promise<readonly GuardedVersion[]>;
  /** Adds counts to those of a version, which is watched from now on if it was not known. Returns what is known then. */
  add(version: string, before: string | null, counts: GuardCounts): Promise<GuardedVersion>;
  /**
   * Writes a state down. One that was confirmed stays so, and one that tripped until it is confirmed; then nothing changes. For a version
   * that had passed already, its time changes. A trip and a confirmation also go into the activity log. Returns what is known then.
   */
  decide(version: string, decision: GuardDecision): Promise<GuardedVersion>;
}
