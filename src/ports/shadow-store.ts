import type { VerdictName } from '../core/verdict.ts';

/** Two versions that score the same messages, one of them without effect. */
export interface ModelPair {
  readonly active: string;
  readonly shadow: string;
}

/** How often the active model gave one verdict and the shadow another, or the same. */
export interface ShadowCount extends ModelPair {
  readonly activeVerdict: VerdictName;
  readonly shadowVerdict: VerdictName;
  readonly messages: number;
}

export interface ShadowScore {
  readonly verdict: VerdictName;
  /** Null where an early exit made it unnecessary. */
  readonly probability: number | null;
  readonly reasons: readonly string[];
}

/** A message that two models give different verdicts. */
export interface NewDisagreement {
  readonly community: string;
  readonly message_id: string;
  readonly message: string;
  readonly sender: string | null;
  readonly models: ModelPair;
  readonly active: ShadowScore;
  readonly shadow: ShadowScore;
}

export interface Disagreement extends NewDisagreement {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What a shadow found. It holds people's text, so an erasure empties it. Throws `STORE_FAILED`. */
export interface ShadowStore {
  /** Adds counts, and disagreements that are not there yet; of all that are there, the newest `keep` stay. */
  add(found: {
    readonly counts: readonly ShadowCount[];
    readonly disagreements: readonly NewDisagreement[];
    readonly keep: number;
  }): Promise<void>;
  /** Removes disagreements that are older than a time, epoch milliseconds. Returns how many. */
  expire(before: number): Promise<number>;
  /** Of one pair of models, or of all. */
  counts(pair?: ModelPair): Promise<readonly ShadowCount[]>;
  /** Newest first. */
  disagreements(query: {
    readonly pair?: ModelPair;
    /** Older than this one. */
    readonly before?: number;
    readonly limit: number;
  }): Promise<readonly Disagreement[]>;
}
