import type { AuditFacts } from './audit.ts';
import type { Message, UnreadableReason } from './message.ts';
import type { ScoreCounts } from './score-counts.ts';
import type { VerdictName } from './verdict.ts';

/** What the scorer says of one message that is not plain ham, or of each message where all were asked for. */
export interface ScoredMessage {
  /** Place within the batch. */
  readonly index: number;
  readonly message: Message;
  readonly verdict: VerdictName;
  /** Null where an early exit made it unnecessary, or where the message could not be scored. */
  readonly probability: number | null;
  readonly probabilityMin: number;
  readonly probabilityMax: number;
  /** The strongest features, or why it could not be scored. */
  readonly reasons: readonly string[];
  /** True when a value was not finite: the verdict is `review` whatever the bounds say. */
  readonly unscorable: boolean;
  /** Of a message that was drawn for the audit, which is reported whatever its verdict, and then with its exact probability. */
  readonly audit?: AuditFacts;
  /** Only when asked for: each base model's value, null where it was not evaluated. */
  readonly members?: readonly (number | null)[];
  /** Only when asked for: features of the message that the model knows, strongest first. */
  readonly features?: readonly FeatureStrength[];
}

export interface FeatureStrength {
  readonly name: string;
  readonly count: number;
  /** Signed; towards spam is positive. Comparable within one message. */
  readonly strength: number;
}

export interface UnreadableMessage {
  readonly index: number;
  readonly reason: UnreadableReason;
  readonly detail: string;
}

/** Counts and seconds of one batch, for metrics; computed in the thread, reported once per batch. */
export interface BatchStatistics {
  readonly ham: number;
  readonly review: number;
  readonly spam: number;
  readonly unreadable: number;
  readonly decodeSeconds: number;
  readonly featurizeSeconds: number;
  readonly inferSeconds: number;
  /** Seconds in the graph of stage i of the manifest, over whole messages; only where base models were asked for. */
  readonly stageSeconds?: readonly number[];
  /** Messages whose evaluation ended after stage i of the manifest, i = 0 … stages − 1. */
  readonly endedAtStage: readonly number[];
  /** Trees evaluated, summed over messages, and what full evaluation would have been. */
  readonly treesEvaluated: number;
  readonly treesInAll: number;
  /** Of the probabilities that are exact. */
  readonly scores: ScoreCounts;
  /**
   * How many messages fell into each of `scoreLimits`, by the probability, or by the bound that settled the verdict of one that left early.
   * Those without a score are in none.
   */
  readonly settledScores?: readonly number[];
  /** Words with a letter in all messages, and those of them that the model does not know. Left out where the thread did not count them. */
  readonly features?: { readonly all: number; readonly unknown: number };
  /** Messages by language, as it was stated or detected; empty text where it is not known. */
  readonly languages?: Readonly<Record<string, number>>;
}

/** The scorer's answer to one batch. */
export interface ScoredBatch {
  /** Version of the one model that scored all of it. */
  readonly model: string;
  /** Ascending by index. Without `every`: only messages whose verdict is not ham, and those of the sample. */
  readonly scored: readonly ScoredMessage[];
  readonly unreadable: readonly UnreadableMessage[];
  /** Only when asked for: indices of the messages that are in the sample; each is in `scored`, ham too. */
  readonly sampled?: readonly number[];
  readonly statistics: BatchStatistics;
}
