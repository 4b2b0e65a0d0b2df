import type { Gate } from '../../core/gate-report.ts';
import type { VerdictCosts } from '../../evaluation/thresholds/verdict-costs.ts';

/** What an operator sets about the gates; see src/settings/schema/retrain-gate.ts. */
export interface GateSettings {
  readonly kind: Gate;
  /** Shares, not points: 0.02 is two points. */
  readonly margins: {
    readonly truePositiveRate: number;
    readonly falsePositiveRate: number;
    /** Times the margins, within the old and the new messages and within a language. */
    readonly partFactor: number;
    readonly obfuscatedRecall: number;
  };
  readonly costs: GateCosts;
  /** Share of the champion's cost: power is calculated for a challenger that saves so much. */
  readonly leastGain: number;
  /** A language, or an obfuscation, with fewer messages of a class is not asked about. */
  readonly fewestPerLanguage: number;
  readonly fewestPerObfuscation: number;
}

export interface GateCosts extends VerdictCosts {
  /** Share of spam that the costs are expected at; that of the held-out messages where left out. */
  readonly spamShare?: number | undefined;
}
