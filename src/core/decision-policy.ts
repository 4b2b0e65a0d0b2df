import type { AuditPolicy } from './audit.ts';

/** Who gets an exact probability; an early exit leaves the others bounds only. */
export const exactScoresModes = ['notHam', 'all', 'none'] as const;
export type ExactScores = (typeof exactScoresModes)[number];

/** What a message without one known feature is: for people, ham, or what the model's prior says by the thresholds. */
export const unknownMessageModes = ['review', 'ham', 'prior'] as const;
export type UnknownMessage = (typeof unknownMessageModes)[number];

/** The two limits of the reject option: ham for p ≤ rejectMin, review for rejectMin < p ≤ rejectMax, spam above. */
export interface Thresholds {
  readonly rejectMin: number;
  readonly rejectMax: number;
}

/** What one community has of its own. */
export interface CommunityPolicy extends Thresholds {
  readonly language?: string;
  /** Added to the log-odds of each message; zero where left out. */
  readonly bias?: number;
}

/** Everything that turns scores into verdicts; replaced as a whole, so that no batch is scored by two. */
export interface DecisionPolicy {
  readonly default: CommunityPolicy;
  readonly communities: Readonly<Record<string, CommunityPolicy>>;
  readonly exactScores: ExactScores;
  /** `prior` where left out. */
  readonly unknownMessage?: UnknownMessage;
  /** A message with more bytes of JSON than this is a dead letter. */
  readonly maxMessageBytes: number;
  /** Nothing is drawn for the audit where it is left out. */
  readonly audit?: AuditPolicy;
}
