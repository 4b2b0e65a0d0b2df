import type { RowLabel } from '../core/decision.ts';
import type { NewReviewItem, ReviewItem } from './review-store.ts';

/** A review row of a message that was reported. */
export interface ReportedRow extends Pick<ReviewItem, 'id' | 'origin' | 'state' | 'message'> {
  readonly label: RowLabel | null;
  /** Epoch milliseconds. */
  readonly labelled_at: number | null;
}

/** What identifies a message, and who reported it, in the community's own words. */
export interface Report {
  readonly community: string;
  readonly message_id: string;
  readonly reporter: string;
}

/** Reads and writes of one report. All that it writes is stored, or nothing. */
export interface ReportTransaction {
  /** Epoch milliseconds. */
  readonly now: number;
  /** All rows of the message, which it holds to the end. */
  rows(message: Pick<Report, 'community' | 'message_id'>): Promise<readonly ReportedRow[]>;
  /**
   * Stores that this person reported the message, as a hash of the name; `row`: where the report counts. Returns false where the same
   * person had reported it: then nothing changes.
   */
  add(report: Report, row: number): Promise<boolean>;
  /** How many messages this person has reported since a time, epoch milliseconds. */
  reportsOf(reporter: string, since: number): Promise<number>;
  /** How many people reported the message after a time, epoch milliseconds. */
  reportersSince(message: Pick<Report, 'community' | 'message_id'>, since: number): Promise<number>;
  /** The row with the origin `report`; it makes an open one where there is none. */
  open(item: NewReviewItem): Promise<number>;
  /**
   * A decided row is open again and has no label and no training row; what was published stays, until somebody decides. The activity log
   * says how many people reported it since.
   */
  reopen(row: number, reporters: number): Promise<void>;
}

/** Reports of users. Throws `STORE_FAILED`. */
export interface ReportStore {
  /** `work` may run again where two transactions met, and awaits nothing but the transaction. Durable when it resolves. */
  report<T>(work: (transaction: ReportTransaction) => Promise<T>): Promise<T>;
}
