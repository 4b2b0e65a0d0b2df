import { MAX_LENGTH } from './character-scan.ts';

/**
 * Where the words, numbers and links of a text begin, and how many terms had been requested before each, so that parts of the text can
 * be rated without another scan.
 */
export class WordUnits {
  /** Words with a letter, known to a vocabulary or not. */
  words = 0;
  /** Those of them that the vocabulary knows; in a scan for a vocabulary only. */
  known = 0;
  /** The text has a sign or a gap that may hide something from its reader; see visible-part.ts. */
  mayHide = false;
  /** Units that are noted: only in a scan for a vocabulary. */
  size = 0;
  /** Where unit i begins, in code units; after the last one, the text's length. */
  readonly starts: Int32Array = new Int32Array(MAX_LENGTH + 2);
  /** Terms requested before unit i; after the last one, before the message's shape. */
  readonly terms: Int32Array = new Int32Array(MAX_LENGTH + 2);

  clear(): void {
    this.words = 0;
    this.known = 0;
    this.mayHide = false;
    this.size = 0;
  }

  begin(start: number, terms: number): void {
    this.starts[this.size] = start;
    this.terms[this.size++] = terms;
  }

  close(length: number, terms: number): void {
    this.starts[this.size] = length;
    this.terms[this.size] = terms;
  }

  /** Share of the words that are known; 1 without words, since none of them is unknown. */
  get share(): number {
    return this.words === 0 ? 1 : this.known / this.words;
  }
}
