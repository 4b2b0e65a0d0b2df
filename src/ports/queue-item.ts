import type { RowLabel } from '../core/decision.ts';
import { isScoreHidden } from '../core/hidden-score.ts';
import type { ReviewItem } from './review-store.ts';
import type { GivenAnswer } from './second-opinions.ts';

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
  /** How many people reported it. */
  readonly reporters: number;
  /** For a lead who has a row with two answers that differ: both. */
  readonly answers?: readonly GivenAnswer[];
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
}

/** A decided row as it would be shown if nobody had decided it, to somebody who is asked for a second opinion. */
export function asUndecided(item: QueueItem): QueueItem {
  return withoutHiddenScore({
    ...item,
    ...{ state: 'leased', label: null, decided_by: null, decided_at: null },
    // Its card would show what was decided for the campaign.
    campaign: null,
  });
}

/** The row as people see it: without what the model says of it as long as that is hidden. */
export function withoutHiddenScore(item: QueueItem): QueueItem {
  if (!isScoreHidden(item)) return item;
  const { audit: _, ...shown } = item;
  // Near-duplicates with a score are in the campaign, so that it says much of this one.
  return { ...shown, probability: null, reasons: [], campaign: null };
}
