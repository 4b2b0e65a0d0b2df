import type { Edits } from './edits.ts';
import { isKnownWord } from './known-words.ts';
import { obfuscationBit } from './obfuscation.ts';
import { splitWords } from './split-words.ts';
import { isCommonEnding, isPlainEnding } from './top-level-domains.ts';

const HIDDEN_LINK = obfuscationBit('hidden-link');

const endings = ['com', 'net', 'org', 'info', 'biz', 'xyz'];
/** What stands before a country's ending. */
const secondLevel: ReadonlySet<string> = new Set(['co', 'com', 'org', 'net', 'ac', 'gov']);

/** Letters that are to stand side by side, and what is left between them. */
export class JoinedLetters {
  readonly #text: string;
  readonly #places: readonly number[];
  /** After letter k; the empty string where the next follows. */
  readonly #between: string[];
  /** Whether a full stop stands after letter k that may be one of a domain. */
  readonly #stops: boolean[];
  /** Letters that fall away. */
  readonly #dropped = new Set<number>();

  /** `places` of the letters in `text`, ascending. */
  constructor(text: string, places: readonly number[]) {
    this.#text = text;
    this.#places = places;
    this.#between = places.slice(1).map(() => '');
    this.#stops = places.slice(1).map(() => false);
  }

  /** What is written after letter k. */
  between(k: number): string {
    return this.#text.slice(this.#places[k]! + 1, this.#places[k + 1]!);
  }

  /** Leaves `between` after letter k. */
  put(k: number, between: string): void {
    this.#between[k] = between;
  }

  putStop(k: number): void {
    this.#between[k] = /\s/.test(this.between(k)) ? '. ' : '.';
    this.#stops[k] = true;
  }

  /**
   * Finds the domains among what was joined, and parts words at their known ends if `split`. Answers the bits of what was
   * undone. From the last word to the first, as what follows a full stop states whether it is one of a domain.
   */
  readWords(split: boolean): number {
    let undone = 0;
    let domain = false;
    let to = this.#places.length;
    for (let k = to - 2; k >= -1; k--) {
      if (k >= 0 && this.#between[k] === '') continue;
      const word = this.#letters(k + 1, to);
      const ending = k >= 0 && this.#stops[k]! ? endingOf(word.toLowerCase(), domain, split) : 0;
      if (ending > 0) {
        this.#between[k] = '.';
        if (ending < word.length) {
          this.#between[k + ending] = ' ';
          this.#part(k + 1 + ending, to);
        }
        domain = true;
        undone = HIDDEN_LINK;
      } else if (domain && k >= 2 && this.#stops[k]! && this.#letters(k - 2, k + 1).toLowerCase() === 'www') {
        this.#between[k] = '.';
        if (split && k >= 3 && this.#between[k - 3] === '') this.#between[k - 3] = ' ';
      } else {
        if (!domain && this.#hideEnding(k + 1, to)) undone = HIDDEN_LINK;
        else if (!domain && split) this.#part(k + 1, to);
        domain = false;
      }
      to = k + 1;
    }
    return undone;
  }

  /** Adds an edit for each gap, so that what comes of the letters can still be located. */
  writeTo(edits: Edits): number {
    for (let k = 0; k + 1 < this.#places.length; ) {
      let next = k + 1;
      let between = this.#between[k]!;
      for (; this.#dropped.has(next); next++) between = this.#between[next]!;
      const start = this.#places[k]! + 1;
      const end = this.#places[next]!;
      if (this.#text.slice(start, end) !== between) edits.replace(start, end, between);
      k = next;
    }
    return 0;
  }

  #letters(from: number, to: number): string {
    let letters = '';
    for (let k = from; k < to; k++) letters += this.#text[this.#places[k]!]!;
    return letters;
  }

  #part(from: number, to: number): void {
    for (const cut of splitWords(this.#letters(from, to))) this.#between[from + cut - 1] = ' ';
  }

  /** `funsitecom` → `funsite.com`; `funsitedotcom` likewise. */
  #hideEnding(from: number, to: number): boolean {
    const word = this.#letters(from, to).toLowerCase();
    if (isKnownWord(word)) return false;
    for (const length of [3, 4]) {
      if (word.length < length + 4 || !isCommonEnding(word.slice(-length))) continue;
      let last = to - length - 1;
      if (word.endsWith('dot', word.length - length)) {
        for (let k = last - 2; k <= last; k++) this.#dropped.add(k);
        this.#between[last] = '.';
        last -= 3;
      }
      this.#between[last] = '.';
      return true;
    }
    return false;
  }
}

/**
 * How many letters of `word`, which follows a full stop, are the ending of a domain. Where spaces were lost, `split`, words
 * may follow it. `domain`: another ending follows.
 */
function endingOf(word: string, domain: boolean, split: boolean): number {
  if (domain) return secondLevel.has(word) ? word.length : 0;
  if (isCommonEnding(word)) return word.length;
  if (/^[a-z]{2}$/.test(word)) return isPlainEnding(word) ? 2 : 0;
  if (!split) return 0;
  for (const ending of endings) {
    const rest = word.slice(ending.length);
    if (word.startsWith(ending) && (/^\d+$/.test(rest) || isKnownWord(rest) || splitWords(rest).length > 0))
      return ending.length;
  }
  return 0;
}
