import type { Link } from './links.ts';

/**
 * A message with its obfuscation undone. It holds all that its features are made of, so any number of them may be kept and
 * asked in any order; immutable.
 */
export interface PreparedText {
  /** Without obfuscation, in upper and lower case as it was written. */
  readonly text: string;
  /** The same in lower case, of the same length; ASCII letters may be left as they are. */
  readonly lower: string;
  /** Place among the featurizer's languages. */
  readonly language: number;
  /** Bits of what was undone, see obfuscation.ts. */
  readonly undone: number;
  /** Something of the message was cut off, so that nothing is known of it. */
  readonly isTruncated: boolean;
  /** Undoing its obfuscation was ended at the limit of work, so that more may be hidden in it. */
  readonly isExhausted: boolean;
  readonly links: readonly Link[];
}

/** One class, and so one shape for the compiler: functions that take prepared texts are not compiled again for each way to make one. */
export class PreparedMessage implements PreparedText {
  text: string;
  lower: string;
  language: number;
  undone: number;
  isTruncated: boolean;
  isExhausted: boolean;
  links: readonly Link[];

  constructor(
    text: string,
    lower: string,
    language: number,
    undone: number,
    isTruncated: boolean,
    isExhausted: boolean,
    links: readonly Link[],
  ) {
    this.text = text;
    this.lower = lower;
    this.language = language;
    this.undone = undone;
    this.isTruncated = isTruncated;
    this.isExhausted = isExhausted;
    this.links = links;
  }
}
