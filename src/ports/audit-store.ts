import type { AuditedMessage } from '../core/audit.ts';
import type { RowLabel } from '../core/decision.ts';
import type { Page } from './queue-item.ts';

/** Times in epoch milliseconds: at or after `from`, before `to`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Decided rows of the review queue that were not drawn at random, counted. */
export interface ReviewedCount {
  readonly label: RowLabel;
  /** Whether the model gave these a probability above one half. */
  readonly aboveHalf: boolean;
  readonly rows: number;
}

/** The audit sample, to read. Throws `STORE_FAILED`, and `USAGE` for a cursor that it did not return. */
export interface AuditStore {
  /** Messages that were drawn within the time, newest first. `after`: where to go on. */
  sample(
    query: TimeRange & { readonly after?: string; readonly limit: number },
  ): Promise<Page<AuditedMessage>>;
  /** Rows of all other origins that were created within the time and have a label; those that the model could not score are left out. */
  reviewed(range: TimeRange): Promise<readonly ReviewedCount[]>;
}
