import type { RowLabel } from '../core/decision.ts';
import type { ReviewItem } from './review-store.ts';

/** What a moderator sees of a review row. */
export interface QueueItem extends ReviewItem {
  /** Another one as soon as the text or the label is another one. */
  readonly version: string;
  readonly label: RowLabel | null;
  readonly decided_by: string | null;
  /** Epoch milliseconds. */
  readonly decided_at: number | null;
  readonly unsure: number;
  /** The campaign that it belongs to, be it alone; null where none is known. */
  readonly campaign: number | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
}
