import type { HeldOutPart } from '../core/gate-report.ts';
import type { Label } from '../ports/labelled-messages.ts';

/** A message that no training ever sees. */
export interface HeldOutMessage {
  readonly text: string;
  readonly label: Label;
  readonly part: HeldOutPart;
  /** Of its data set or table, for people. */
  readonly source: string;
  readonly community: string;
  /** BCP 47; left out where the data does not state it. */
  readonly language?: string;
  /** When it was labeled, epoch milliseconds; left out where that is not known. */
  readonly at?: number;
}

/** A held-out message with the probability of spam by either model. */
export interface PairedScore extends Pick<HeldOutMessage, 'label' | 'part' | 'community'> {
  /** As the pipeline detected it where the data does not state it; empty where it is not known. */
  readonly language: string;
  /** `NaN` where there is no champion. */
  readonly champion: number;
  readonly challenger: number;
}

/** Of held-out spam that an obfuscation changed: how many each model still calls spam. */
export interface ObfuscatedRecall {
  readonly obfuscation: string;
  readonly spam: number;
  /** Called spam by both, by the champion alone, by the challenger alone. */
  readonly both: number;
  readonly championOnly: number;
  readonly challengerOnly: number;
}

/** Two models over the same held-out messages. */
export interface ModelComparison {
  /** Version of the active model; null where there is none. */
  readonly champion: string | null;
  readonly challenger: string;
  readonly thresholds: { readonly rejectMin: number; readonly rejectMax: number };
  readonly scores: readonly PairedScore[];
  readonly obfuscated: readonly ObfuscatedRecall[];
  /** Messages that one of the two could not score; in no figure. */
  readonly unscored: number;
}
