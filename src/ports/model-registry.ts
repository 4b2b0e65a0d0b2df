import type { GateReport } from '../core/gate-report.ts';

/** A version, its manifest's SHA-256 in hex, and what is known of it. */
export interface ModelFacts {
  readonly version: string;
  readonly sha256: string;
  /** Where it is kept. */
  readonly path: string;
  /** Shares of spam and of ham of the testing part that it calls spam at a probability of one half; null where not known. */
  readonly truePositiveRate: number | null;
  readonly falsePositiveRate: number | null;
  /** What its training measured; and, as `gate`, what a gate decided of it. */
  readonly figures: Readonly<Record<string, unknown>>;
}

/** `refused`: it failed a check or a gate, and cannot be active until it passes one or somebody activates it. */
export type ModelStatus = 'active' | 'inactive' | 'candidate' | 'refused';

/** As it is written down. Times are epoch milliseconds. */
export interface RegisteredModel extends ModelFacts {
  readonly status: ModelStatus;
  /** Who decided its status, and how. */
  readonly decided: string | null;
  readonly createdAt: number;
  /** When it was last made active, and when last another was instead; null where that never was. */
  readonly activatedAt: number | null;
  readonly deactivatedAt: number | null;
}

export interface ModelDecision {
  /** For people: who did it. */
  readonly who: string;
  readonly how: 'activated' | 'rolled back to' | 'promoted';
  /** Why, in the words of the person; left out where none were asked for. */
  readonly reason?: string;
}

/** A version that somebody wanted to be active and that failed its check. */
export interface ModelRefusal extends ModelDecision {
  /** What the check found. */
  readonly why: string;
}

/** What a gate decided of a new model. */
export interface ModelGate {
  /** For people: who retrained. */
  readonly who: string;
  readonly report: GateReport;
}

/**
 * The record of all models for people; the activation decides which one is active. Throws `STORE_FAILED` (retriable) when it
 * does not answer, and `MODEL_CORRUPT` for a version that is recorded with another hash.
 */
export interface ModelRegistry {
  /** For people. */
  readonly location: string;
  /** Writes a version down as a candidate; one that is there stays as it is. */
  pushed(model: ModelFacts): Promise<void>;
  /**
   * Writes it down as the one active model. For the one that is active already its time stays. A promotion of another one that is not
   * finished is withdrawn.
   */
  activated(model: ModelFacts, decision: ModelDecision): Promise<void>;
  /** Writes a version that is there down as refused, but for the active one; in any case that somebody wanted it. */
  refused(version: string, refusal: ModelRefusal): Promise<void>;
  /** Writes down what a gate decided: the figures in any case, and a version that is not active as refused where the answer was no. */
  compared(model: ModelFacts, gate: ModelGate): Promise<void>;
  /** Newest version first. */
  list(): Promise<readonly RegisteredModel[]>;
  /** Of the version's manifest; undefined where it is not written down. */
  sha256Of(version: string): Promise<string | undefined>;
}
