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
}

export interface ReviewItem extends NewReviewItem {
  readonly id: number;
  readonly state: ReviewState;
  /** Epoch milliseconds. */
  readonly created_at: number;
}

/** Where borderline messages are kept. Unique by (community, message_id, origin): adding one again changes nothing. */
export interface ReviewStore {
  /** Durable when it resolves. Answers how many were new. Throws `STORE_FAILED` (retriable). */
  add(items: readonly NewReviewItem[]): Promise<number>;
  /** Items of a state, oldest first. `after`: the id to go on behind. */
  list(query: {
    readonly state: ReviewState;
    readonly after?: number;
    readonly limit: number;
  }): Promise<readonly ReviewItem[]>;
  /** How many there are in each state. */
  count(): Promise<Readonly<Record<ReviewState, number>>>;
  close(): Promise<void>;
}
