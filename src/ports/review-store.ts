import type { AuditFacts } from '../core/audit.ts';
import type { Position } from '../core/topic-partition.ts';

export const reviewOrigins = ['band', 'audit', 'unscorable', 'report'] as const;
export type ReviewOrigin = (typeof reviewOrigins)[number];

export const reviewStates = ['open', 'leased', 'labelled', 'erased'] as const;
export type ReviewState = (typeof reviewStates)[number];

/** A message that waits for a human. */
export interface NewReviewItem {
  readonly community: string;
  readonly message_id: string;
  readonly message: string;
  readonly sender: string | null;
  /** Null where the model could not score it. */
  readonly probability: number | null;
  readonly reasons: readonly string[];
  readonly model: string;
  readonly position: Position;
  readonly origin: ReviewOrigin;
  /** Of rows with the origin `audit`, and of no other. */
  readonly audit?: AuditFacts;
}

export interface ReviewItem extends NewReviewItem {
  readonly id: number;
  readonly state: ReviewState;
  /** Epoch milliseconds. */
  readonly created_at: number;
}

/**
 * Where borderline messages are stored, one row for each (community, message_id, origin).
 *
 * Adding the same text again changes nothing. An edited message, which is another text under the same identity, replaces text,
 * sender, probability, reasons, model and position of a row that is open or leased, and the row is open again; a row that
 * was labeled or erased stays as it is. A version is not replaced by an older one that the source repeats: in the same
 * partition the offset decides, in different ones the version that was added last.
 */
export interface ReviewStore {
  /** Durable when it resolves. Returns how many rows are new, edited ones not among them. Throws `STORE_FAILED` (retriable). */
  add(items: readonly NewReviewItem[]): Promise<number>;
  /**
   * How long after its creation a row may be followed by the appearance of rows with lower ids, which another writer was given
   * before and commits later; 0 where rows appear in the order of their ids. A reader that follows ids goes past a row only when it is older.
   */
  readonly settleSeconds: number;
  /** Items of a state in the order of their ids. `after`: the id to go on behind. */
  list(query: {
    readonly state: ReviewState;
    readonly after?: number;
    readonly limit: number;
  }): Promise<readonly ReviewItem[]>;
  /** How many there are in each state. */
  count(): Promise<Readonly<Record<ReviewState, number>>>;
  close(): Promise<void>;
}
