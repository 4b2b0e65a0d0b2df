/**
 * How a new model is compared with the active one. `document`: its true positive rate is not lower and its false positive rate not
 * higher. `sound`: shown to be no worse in both rates by more than a margin, and to cost less.
 */
export const gates = ['document', 'sound'] as const;
export type Gate = (typeof gates)[number];

/** Of the held-out messages: those that the active model's training had held out, too, and those that were labeled since. */
export type HeldOutPart = 'old' | 'new';

/** Rates of a model at the thresholds for which they are given; null where there is no message of the class. */
export interface GateRates {
  readonly spam: number;
  readonly ham: number;
  readonly truePositiveRate: number | null;
  readonly falsePositiveRate: number | null;
}

/** One question that a gate asks. */
export interface GateCheck {
  /** Stable, for scripts: such as `falsePositiveRate.new` or `recall.leet`. */
  readonly name: string;
  /** Null where there are too few messages to answer, which counts as no. */
  readonly passed: boolean | null;
  /** For people: the figures, the bound, and what they mean. */
  readonly text: string;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** What a gate decided, with all that it decided by. Kept with the challenger in the table of models, refused or not. */
export interface GateReport {
  readonly gate: Gate;
  /** The active model; null where there is none, and then every challenger passes. */
  readonly champion: string | null;
  readonly challenger: string;
  readonly promoted: boolean;
  /** For people, in one or two sentences: why, and what to do next where the answer is no. */
  readonly why: string;
  readonly thresholds: { readonly rejectMin: number; readonly rejectMax: number };
  readonly rates: Readonly<
    Record<HeldOutPart | 'all', { readonly champion: GateRates | null; readonly challenger: GateRates }>
  >;
  readonly checks: readonly GateCheck[];
  /** Held-out messages of each class that would have been enough, where there were too few; else null. */
  readonly needed: { readonly spam: number; readonly ham: number } | null;
}
