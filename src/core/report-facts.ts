import type { VerdictName } from './verdict.ts';

/** What stands in place of a figure that the data cannot give: why, and what to do, for people. */
export interface Missing {
  readonly missing: string;
}

export type Known<T> = T | Missing;

export function isMissing(figure: object): figure is Missing {
  return 'missing' in figure;
}

/** A figure with the limits of its 95 % interval. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** A curve at fixed places of x, with the limits of a pointwise 95 % band. */
export interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** x: false positive rate, y: true positive rate; or x: recall, y: precision. One point per distinct probability, at most 2,000. */
export interface Curve {
  readonly points: readonly { readonly x: number; readonly y: number; readonly threshold: number }[];
  readonly band: readonly BandPoint[];
  /** ROC AUC, or average precision. */
  readonly area: Interval;
}

/** Messages whose scores lie between two limits, and how many of them are spam. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly messages: number;
  /** Mean probability, and the share that is spam. */
  readonly predicted: number;
  readonly observed: Interval;
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  readonly expectedError: number;
  readonly brier: number;
  readonly logLoss: number;
}

/** Error among the messages that are decided without a person, by the share that is decided. */
export interface RiskCoverage {
  readonly points: readonly { readonly coverage: number; readonly risk: number }[];
  readonly area: number;
  /** At the two thresholds of the reject option. */
  readonly atThresholds: { readonly coverage: number; readonly risk: number };
}

export interface BandCount {
  readonly band: VerdictName;
  readonly spam: number;
  readonly ham: number;
}

/** The rates that people ask for first, each null where its class is missing. */
export interface Rates {
  readonly spam: number;
  readonly ham: number;
  /** Spam with the verdict spam; spam with the verdicts spam or review. */
  readonly truePositiveRate: Interval | null;
  readonly foundOrReviewed: Interval | null;
  /** Ham with the verdict spam. */
  readonly falsePositiveRate: Interval | null;
  readonly precision: Interval | null;
  /** Share of all messages with the verdict review. */
  readonly reviewShare: Interval | null;
}

export interface BaseModelFacts {
  /** As the manifest names it; `ensemble` for the blend. */
  readonly name: string;
  /** In the blend; null for the blend itself. */
  readonly weight: number | null;
  readonly rocAuc: number | null;
  readonly averagePrecision: number | null;
  /** True positive rate at the threshold whose false positive rate is at most 0.1 %, of this base model alone. */
  readonly truePositiveRateAtFpr001: number | null;
  /** Microseconds a message, in full and without early exit; null where its stage holds several, whose time is given with the first. */
  readonly microseconds: number | null;
  /** Of its graphs on disk. */
  readonly bytes: number | null;
}

export interface Slice extends Rates {
  readonly value: string;
}

export const sliceKinds = ['language', 'community', 'length', 'month'] as const;
export type SliceKind = (typeof sliceKinds)[number];

export interface ObfuscationFacts {
  readonly name: string;
  readonly spam: number;
  readonly recallPlain: number | null;
  readonly recall: Interval | null;
  readonly ham: number;
  readonly falsePositiveRatePlain: number | null;
  readonly falsePositiveRate: Interval | null;
}

export interface WorstError {
  readonly text: string;
  readonly label: 'spam' | 'ham';
  readonly probability: number;
  readonly source: string;
  readonly community: string;
  readonly language: string;
  /** Terms that add up to the log-odds, the largest first, as people read them; or why there are none. */
  readonly reasons: Known<readonly { readonly name: string; readonly logOdds: number }[]>;
}

/** One model on labeled messages. */
export interface ModelReport {
  readonly version: string;
  readonly thresholds: { readonly rejectMin: number; readonly rejectMax: number };
  readonly data: readonly { readonly name: string; readonly spam: number; readonly ham: number }[];
  /** Messages that could not be scored; in no figure. */
  readonly unscored: number;
  readonly rates: Rates;
  readonly roc: Known<Curve>;
  readonly precisionRecall: Known<Curve>;
  readonly calibration: Known<Calibration>;
  readonly riskCoverage: Known<RiskCoverage>;
  /** Counts of either class between limits 0, .05, … 1. */
  readonly histogram: Known<{ readonly spam: readonly number[]; readonly ham: readonly number[] }>;
  readonly bands: readonly BandCount[];
  readonly baseModels: Known<readonly BaseModelFacts[]>;
  readonly slices: Readonly<Record<SliceKind, Known<readonly Slice[]>>>;
  readonly obfuscations: Known<readonly ObfuscationFacts[]>;
  readonly falseAccusations: Known<readonly WorstError[]>;
  readonly missedSpam: Known<readonly WorstError[]>;
  /** What it was trained on: rows of name and value for people. */
  readonly training: Known<readonly { readonly name: string; readonly value: string }[]>;
}

/** Figures of the audit sample for one group of messages, by Horvitz and Thompson (1952). */
export interface AuditEstimates {
  readonly truePositiveRate: Interval | null;
  readonly falsePositiveRate: Interval | null;
  readonly precision: Interval | null;
  readonly prevalence: Interval | null;
}

export const auditGroupKinds = ['all', 'month', 'community', 'language', 'model'] as const;
export type AuditGroupKind = (typeof auditGroupKinds)[number];

export interface AuditGroup {
  readonly by: AuditGroupKind;
  /** Empty for `all`. */
  readonly value: string;
  readonly drawn: number;
  readonly decided: number;
  /** Without a label, since those who answered were unsure. */
  readonly unsure: number;
  /** Of how many smaller ones this is the rest; absent where it is one by itself. */
  readonly others?: number;
  readonly estimates: Known<AuditEstimates>;
}

export interface AuditReport {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly groups: readonly AuditGroup[];
  readonly calibration: Known<readonly CalibrationBin[]>;
  /** From decided review rows alone, which are not a random sample: biased. */
  readonly fromReviewsAlone: Known<AuditEstimates>;
}

/** A series over time; `at` in epoch milliseconds. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly at: number; readonly value: number }[];
}

/** A running system, from its store and from Prometheus. */
export interface LiveReport {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Messages a day: `ham`, `review`, `spam`, `dead-letter`. */
  readonly verdicts: Known<readonly Series[]>;
  /** End-to-end seconds: `p50`, `p95`, `p99`. */
  readonly latency: Known<readonly Series[]>;
  /** Messages. */
  readonly lag: Known<readonly Series[]>;
  /** A day: `spam`, `ham`, `unsure`. */
  readonly decisions: Known<readonly Series[]>;
  /** Share of second opinions that agree, and how many there are. */
  readonly agreement: Known<{ readonly share: Interval; readonly pairs: number }>;
  /** One for each signal: how far it is from what is expected; 1 is the limit of an alarm. */
  readonly drift: Known<readonly Series[]>;
  readonly audit: Known<AuditReport>;
}

/** All that a report shows, which is also its JSON. */
export interface ReportFacts {
  readonly schema: 1;
  /** RFC 3339, UTC. */
  readonly generatedAt: string;
  /** The model, and with `--compare` the other one beside it, on the same messages. */
  readonly models: readonly ModelReport[];
  readonly live: LiveReport | null;
}
