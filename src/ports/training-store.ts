import type { RowLabel } from '../core/decision.ts';
import type { Page } from './queue-item.ts';

/** A labeled message that models are trained on, or one that is to be labeled. */
export interface TrainingRow {
  readonly id: number;
  /** Null for an imported row that nobody has labeled. */
  readonly class: RowLabel | null;
  readonly message: string;
  readonly community: string;
  /** `review` for rows that people decided in the queue; else where the row was imported from. */
  readonly source: string;
  readonly labelled_by: string | null;
  /** Epoch milliseconds. */
  readonly labelled_at: number | null;
  /** What its near-duplicates share, so that they stay on one side of a split. */
  readonly near_group: string | null;
  /** The review row that it comes from. */
  readonly review_id: number | null;
  /** The decision that gave it this label. */
  readonly decision: number | null;
}

/** Which rows; all that are named have to hold. */
export interface TrainingFilter {
  /** Words that the text has, each the beginning of one, whatever their case; the order makes no difference. */
  readonly q?: string;
  /** Unlabeled rows have neither. */
  readonly class?: RowLabel;
  readonly source?: string;
  readonly labelled_by?: string;
  readonly community?: string;
  /** Labeled at or after, before; epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
}

/** Rows beyond this number are not counted. */
export const COUNTED_ROWS = 10_000;

export interface TrainingPage extends Page<TrainingRow> {
  /** Of the rows that the filter finds, {@link COUNTED_ROWS} at most; null where counting them would take long, and on later pages. */
  readonly count: number | null;
  /** False where there are more rows than the count. */
  readonly count_is_exact: boolean;
}

/** The table of labeled messages, to read. Throws `STORE_FAILED`, and `USAGE` for a cursor that it did not return. */
export interface TrainingStore {
  /**
   * Newest first, by the order in which rows were added; a row that is relabeled stays in its place. A page may have fewer rows than `limit`,
   * be it none, and a next one nevertheless: no page looks at more than a bounded number of rows.
   */
  list(query: {
    readonly filter?: TrainingFilter;
    readonly after?: string;
    readonly limit: number;
  }): Promise<TrainingPage>;
}
