/** What is watched of the messages without knowing any label: scores, words that the model does not know, languages, verdicts. */
export const driftSignals = ['scores', 'features', 'languages', 'bands'] as const;
export type DriftSignal = (typeof driftSignals)[number];

/** `learning`: what is usual is not known yet; `quiet`: there are not enough messages to compare. */
export const driftStates = ['learning', 'watching', 'quiet'] as const;
export type DriftState = (typeof driftStates)[number];

/** A part of the messages whose share has changed. */
export interface DriftChange {
  /** A verdict, a language, a range of scores, or `unknown` words. */
  readonly part: string;
  /** Shares, 0 … 1: what is usual at this hour, and what there was since the change began. */
  readonly expected: number;
  readonly found: number;
}

export interface DriftFigure {
  readonly state: DriftState;
  /** Share of the baseline's length that has passed, 0 … 1. */
  readonly baseline: number;
  /** How far it is from what is usual; 1 is the limit of an alarm. 0 while that is not known. */
  readonly score: number;
  readonly alarm: boolean;
  /** The parts that changed most, the first one furthest; empty without an alarm. */
  readonly changes: readonly DriftChange[];
  /**
   * Jensen–Shannon distance of the messages of the last day, 0 (the same) … 1 (nothing in common), to those that the model was tested on;
   * null where the model has no such reference, or there are too few messages.
   */
  readonly fromTraining: number | null;
}

export type DriftFigures = Readonly<Record<DriftSignal, DriftFigure>>;
