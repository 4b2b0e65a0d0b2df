import type { ErasureReport, ErasureSubject } from '../core/erasure.ts';

/** Who asks for an erasure, for the activity log: an account, or a command. */
export interface ErasureRequest {
  readonly dryRun: boolean;
  readonly who: string;
}

/** What was past its age; null where the settings keep it. */
export interface Expired {
  readonly decided_rows: number | null;
  readonly dead_letters: number | null;
}

/**
 * Erases texts from every store of the settings. Safe while daemons run, this process among them: what one has open is left, and
 * reported as found. Each call opens the stores and closes them again. Throws `STORE_FAILED`, `SINK_FAILED`, `DATA_UNREADABLE` and
 * `OFFSETS_FAILED`; run again, it ends in the same.
 */
export interface Eraser {
  /** Erases a person's text and proves it. */
  erase(subject: ErasureSubject, request: ErasureRequest): Promise<ErasureReport>;
  /** Erases what is older than the settings allow. `now`: epoch milliseconds. */
  expire(request: { readonly who: string; readonly now?: number }): Promise<Expired>;
}
