import type { RowLabel } from '../core/decision.ts';

/** A labeled message that another one is compared with. */
export interface LabeledCandidate {
  /** Of the training row. */
  readonly id: number;
  /** The review row that it was decided in; null for every other source. */
  readonly review_id: number | null;
  /** Of that review row; null where there is none. */
  readonly message_id: string | null;
  readonly community: string;
  readonly message: string;
  readonly label: RowLabel;
  /** Where the label comes from: `review` for a decision. */
  readonly source: string;
  readonly labelled_by: string | null;
  /** Epoch milliseconds. */
  readonly labelled_at: number | null;
  /** Found by its campaign, whatever its words are. */
  readonly isOfCampaign: boolean;
}

export interface CandidateQuery {
  /** Labeled messages of this campaign; null for none. */
  readonly campaign: number | null;
  /** Of each list: messages that have all its words, whatever their case. A word consists of letters, digits and marks. */
  readonly words: readonly (readonly string[])[];
  /** The newest of the campaign and of each list, at most. */
  readonly limit: number;
}

/** Labeled messages that may be like another one: decided ones, and all others of the training table. Throws `STORE_FAILED`. */
export interface LabeledCandidates {
  /** Each once. Reads indexes only: the time does not grow with the number of messages that have none of the words. */
  find(query: CandidateQuery): Promise<readonly LabeledCandidate[]>;
}
