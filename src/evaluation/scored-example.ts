import type { Label } from '../ports/labelled-messages.ts';

/** The score of one message and its label. */
export interface ScoredExample {
  readonly label: Label;
  /** Probability of spam. */
  readonly probability: number;
}
