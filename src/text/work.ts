/**
 * Counts the work of undoing obfuscation in one message, and ends it at a limit. A unit is a code unit that a pass looks at, some 10 ns;
 * what costs more counts as more. It is counted, never timed, so that a text has the same features on every machine.
 */
export class Work {
  readonly limit: number;
  #spent = 0;
  #isExhausted = false;

  constructor(limit: number = Number.POSITIVE_INFINITY) {
    this.limit = limit;
  }

  /** Never more than the limit. */
  get spent(): number {
    return this.#spent;
  }

  /** Whether something was left undone. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** Whether there are as many units left; the caller does nothing that it would cost where there are not. Once refused, always refused. */
  spend(units: number): boolean {
    if (this.#isExhausted || this.#spent + units > this.limit) {
      this.#isExhausted = true;
      return false;
    }
    this.#spent += units;
    return true;
  }

  /** Marks what was given up for another reason. */
  giveUp(): void {
    this.#isExhausted = true;
  }
}

/** However short a message is. Some honest mails of a few thousand characters need as much. */
export const LEAST_WORK = 60_000;
/** For each byte of the message in UTF-8. */
export const WORK_PER_BYTE = 8;

/** The units that may be spent on a text; `isWide`: whether it may hold anything but ASCII. */
export function workFor(text: string, isWide = true): Work {
  let bytes = text.length;
  for (let i = isWide ? 0 : text.length; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Half of a pair is two of its four bytes.
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 1 : 2;
  }
  return new Work(LEAST_WORK + WORK_PER_BYTE * bytes);
}

/** Units of one thing of each kind. */
export const workOf = {
  /** A word with digits or signs among its letters, read as leet in several ways. */
  leetWord: 32,
  /** A letter that stands alone, with what stands beside it: joined, and parted again by known words. */
  loneLetter: 32,
  /** A sign that may hide a link. */
  hiddenStop: 4,
  /** A letter that is replaced by one that looks like it. */
  lookAlike: 6,
  /** A word whose facts are looked up; with its letters. */
  word: 4,
  /** A word that is read as another. */
  readWord: 40,
  /** A word that may be the first piece of another. */
  piece: 4,
  /** A letter that a sign stands for. */
  hiddenLetter: 40,
  /** Two letters. */
  hiddenLetters: 200,
  /** A sign that may begin an escaped character, or that marks up. */
  escape: 6,
  /** A line of one character. */
  verticalLine: 16,
} as const;
