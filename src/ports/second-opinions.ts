import type { DecisionLabel } from '../core/decision.ts';

/** One person's answer for a row, as a lead sees it where two differ. */
export interface GivenAnswer {
  readonly by: string;
  readonly label: DecisionLabel;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * A decided row that somebody else is asked about. `waiting`: it is shown to that person as if nobody had decided it; `differs`: the two
 * answers are not the same, and a lead sees both.
 */
export interface SecondOpinion {
  readonly id: number;
  readonly state: 'waiting' | 'differs';
  /** Whom the row was handed out to last, be the lease over or not. */
  readonly holder: string | null;
  /** The id of that lease. */
  readonly lease: string | null;
}

/**
 * What an answer makes of a second opinion. `agreed`, `differs`: the second answer; `settled`, `left`: what a lead made of two that differ;
 * `reopened`: the answer was taken back, and the same person may give another one.
 */
export type SecondOutcome = 'agreed' | 'differs' | 'settled' | 'left' | 'reopened';

/** Pairs of a first answer and a second one of the same message, both not taken back, counted. */
export interface AnswerPairs {
  readonly first_by: string;
  readonly second_by: string;
  readonly first: DecisionLabel;
  readonly second: DecisionLabel;
  /** Monday, 0:00 UTC, of the week of the second answer; epoch milliseconds. */
  readonly week: number;
  readonly pairs: number;
}

/** Second opinions, to read. They are handed out by leases and given by decisions. Throws `STORE_FAILED`. */
export interface SecondOpinions {
  /** Rows that were handed out to this person last, to be answered as if nobody had decided them. */
  heldBy(holder: string): Promise<ReadonlySet<number>>;
  /**
   * `since`, `until`: second answers at or after, before this; epoch milliseconds. `by`: of this person, first or second; of all where it is
   * left out.
   */
  pairs(query: {
    readonly since: number;
    readonly until?: number;
    readonly by?: string;
  }): Promise<readonly AnswerPairs[]>;
}
