import type { RowLabel } from './decision.ts';
import type { VerdictName } from './verdict.ts';

/** Shares of the messages that are drawn for the audit, 0 … 1. What a band does not state has `rate`. */
export interface AuditRates {
  readonly rate: number;
  readonly bands?: Readonly<Partial<Record<VerdictName, number>>>;
}

/**
 * How the audit sample is drawn: by a keyed hash of community and message id, so that a replay draws the same messages and a sender
 * cannot know which.
 */
export interface AuditPolicy extends AuditRates {
  /** Communities with rates of their own. */
  readonly communities: Readonly<Record<string, AuditRates>>;
  /** Secret, 32 hex digits; the same in all daemons of a database. */
  readonly key: string;
}

/** What is kept with a message that was drawn. */
export interface AuditFacts {
  /** The probability that a message of its community and band is drawn; above zero. */
  readonly inclusionProbability: number;
  readonly verdict: VerdictName;
  /** As the message, its community or the model's detection states it; empty where it is not known. */
  readonly language: string;
}

/** A message of the audit sample, with what a person decided. */
export interface AuditedMessage extends AuditFacts {
  readonly community: string;
  /** Version of the model that gave the verdict. */
  readonly model: string;
  /** Null where the model could not score it. */
  readonly probability: number | null;
  /** Epoch milliseconds. */
  readonly drawnAt: number;
  /** Null where nobody has decided it, or all answers were unsure. */
  readonly label: RowLabel | null;
  /** Unsure answers so far. */
  readonly unsure: number;
}
