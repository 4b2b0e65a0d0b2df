import type { RowLabel } from '../core/decision.ts';
import type { ReviewOrigin } from './review-store.ts';

/** A decided review row with the probability that a model gave it. */
export interface LabeledScore {
  readonly id: number;
  readonly label: RowLabel;
  readonly probability: number;
  readonly origin: ReviewOrigin;
  /** Of the audit sample: the probability with which it was drawn; null for every other row. */
  readonly inclusionProbability: number | null;
}

/** What people decided, with the scores of one model. Throws `STORE_FAILED`. */
export interface LabeledScores {
  /** The newest decided rows whose probability is of this model, at most `limit`; newest first. */
  newest(query: { readonly model: string; readonly limit: number }): Promise<readonly LabeledScore[]>;
}
