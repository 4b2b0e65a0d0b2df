import type { WordReading } from './word-readings.ts';

// What stands between a word and the one before it.
/** The start of the text, several spaces, a line break, a sign with spaces. */
export const APART = 0;
export const ONE_SPACE = 1;
/** Signs without spaces. */
export const SIGNS = 2;
/** One full stop. */
export const STOP = 3;

/** A word of the text. */
export interface WordToken {
  readonly start: number;
  readonly end: number;
  /** In lower case. */
  readonly word: string;
  /** See word-facts.ts; 0 for one that stays as it is. */
  readonly facts: number;
  readonly gap: number;
  readonly reading: WordReading | null;
}
