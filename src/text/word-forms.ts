import { languageOf } from './languages/languages.ts';
import { BASE_HIGH, BASE_LOW, hashTerm } from './term-hash.ts';
import type { TermTable } from './term-table.ts';
import { factsOfWord, LONGEST_FACTS } from './word-facts.ts';
import { tonguesOfWord } from './word-tongues.ts';

const SLOT_BITS = 16;
/** A word stands at most this many slots from its own. */
const PROBES = 4;
const SLOTS = (1 << SLOT_BITS) + PROBES;
/** Fields of an entry: 32 bytes, so that one entry is half a line of the core's cache. */
const STRIDE = 8;
const KEY_HIGH = 0;
const KEY_LOW = 1;
export const STEM_HIGH = 2;
export const STEM_LOW = 3;
export const POWER_HIGH = 4;
export const POWER_LOW = 5;
export const FLAGS = 6;
/** Id of the word's own feature in the table given to `know`, or -1. */
export const OWN_ID = 7;

const OCCUPIED = 1;
export const STOP_WORD = 2;
/** A letter stands three times or more in a row. */
export const STRETCHED = 4;
/** From this bit on, FLAGS has what is known of the word in any language; see word-facts.ts. Only of words of letters, at most `LONGEST_FACTS`. */
export const FACTS_FROM = 8;
/** From this bit on, FLAGS has the languages that the word speaks for; see detect-language.ts. */
export const TONGUES_FROM = 16;

/** How the names of words' own features begin, of words and of stop words. */
export const wordPrefix = hashTerm('w:');
export const stopWordPrefix = hashTerm('f:');

/**
 * From a word as it was written to its stem, of one language: the stemmer runs once for a word that comes often. A
 * cache that forgets, so that it never grows, whatever is sent; what it answers doesn't depend on what it holds.
 */
export class WordForms {
  /** Entries; `find` gives the place of one. STEM_* is the stem's value (see term-hash), POWER_* base to its length. */
  readonly table = new Int32Array(SLOTS * STRIDE);
  /** By length, arrays to make strings of. */
  readonly #units: number[][] = [];
  readonly #stopWords: ReadonlySet<string>;
  readonly #stem: (word: string) => string;
  #victim = 0;
  #known: TermTable | null = null;

  /** Any language: one without a stemmer here keeps its words as they are. */
  constructor(language: string) {
    const known = languageOf(language);
    this.#stopWords = new Set(known?.stopWords);
    this.#stem = known?.stem ?? ((word) => word);
  }

  /** What was given to `know`. */
  get known(): TermTable | null {
    return this.#known;
  }

  /**
   * From now on OWN_ID of an entry is the id in `terms`, which must not change: so a word that is remembered needs no look-up. Cheap
   * when asked for the same again.
   */
  know(terms: TermTable): void {
    if (this.#known === terms) return;
    this.#known = terms;
    this.table.fill(0);
  }

  /** `high` and `low` are the value of `codes[start … end)`, in lower case. The place holds until the next call. */
  find(high: number, low: number, codes: Uint16Array, start: number, end: number): number {
    const table = this.table;
    // Of one letter both halves are the same, so they must not cancel out.
    const own = (Math.imul(Math.imul(high, 0x85ebca6b) ^ low, 0x9e3779b1) >>> (32 - SLOT_BITS)) * STRIDE;
    for (let at = own; at < own + PROBES * STRIDE; at += STRIDE)
      if (table[at] === high && table[at + KEY_LOW] === low && table[at + FLAGS] !== 0) return at;
    return this.#remember(own, high, low, codes, start, end);
  }

  /** As `find`, where the entry was at `place` before; it may have been forgotten since. */
  findAgain(
    place: number,
    high: number,
    low: number,
    codes: Uint16Array,
    start: number,
    end: number,
  ): number {
    const table = this.table;
    return table[place] === high && table[place + KEY_LOW] === low && table[place + FLAGS] !== 0
      ? place
      : this.find(high, low, codes, start, end);
  }

  /** The stem of what was written in `codes[start … end)`, in lower case; for names. */
  stemOf(codes: Uint16Array, start: number, end: number): string {
    return this.#stemOf(this.#wordAt(codes, start, end));
  }

  #wordAt(codes: Uint16Array, start: number, end: number): string {
    const size = end - start;
    this.#units[size] ??= new Array<number>(size).fill(0);
    const units = this.#units[size]!;
    for (let i = start; i < end; i++) units[i - start] = codes[i]!;
    return String.fromCharCode.apply(null, units);
  }

  /** A word with a digit in it stays as it is. */
  #stemOf(word: string): string {
    return hasDigit(word) ? word : this.#stem(word) || word;
  }

  #remember(own: number, high: number, low: number, codes: Uint16Array, start: number, end: number): number {
    const word = this.#wordAt(codes, start, end);
    const isPlain = !hasDigit(word);
    const stem = isPlain ? this.#stem(word) || word : word;
    const table = this.table;
    let at = own;
    while (at < own + PROBES * STRIDE && table[at + FLAGS] !== 0) at += STRIDE;
    if (at === own + PROBES * STRIDE) {
      at = own + this.#victim * STRIDE;
      this.#victim = (this.#victim + 1) % PROBES;
    }
    table[at + KEY_HIGH] = high;
    table[at + KEY_LOW] = low;
    let stemHigh = 0;
    let stemLow = 0;
    let powerHigh = 1;
    let powerLow = 1;
    for (let i = 0; i < stem.length; i++) {
      const code = stem.charCodeAt(i);
      stemHigh = (Math.imul(stemHigh, BASE_HIGH) + code) | 0;
      stemLow = (Math.imul(stemLow, BASE_LOW) + code) | 0;
      powerHigh = Math.imul(powerHigh, BASE_HIGH);
      powerLow = Math.imul(powerLow, BASE_LOW);
    }
    table[at + STEM_HIGH] = stemHigh;
    table[at + STEM_LOW] = stemLow;
    table[at + POWER_HIGH] = powerHigh;
    table[at + POWER_LOW] = powerLow;
    const isStopWord = isPlain && this.#stopWords.has(word);
    table[at + FLAGS] =
      OCCUPIED |
      (isStopWord ? STOP_WORD : 0) |
      (isStretched(word) ? STRETCHED : 0) |
      (isPlain && word.length <= LONGEST_FACTS
        ? (factsOfWord(word) << FACTS_FROM) | (tonguesOfWord(word) << TONGUES_FROM)
        : 0);
    const prefix = isStopWord ? stopWordPrefix : wordPrefix;
    table[at + OWN_ID] =
      this.#known?.find(
        (Math.imul(prefix.high, powerHigh) + stemHigh) | 0,
        (Math.imul(prefix.low, powerLow) + stemLow) | 0,
        noName,
      ) ?? -1;
    return at;
  }
}

const noName = () => '';

function hasDigit(word: string): boolean {
  for (let i = 0; i < word.length; i++) if (isDigit(word.charCodeAt(i))) return true;
  return false;
}

/** What is no digit, three times in a row. */
function isStretched(word: string): boolean {
  for (let i = 2; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code === word.charCodeAt(i - 1) && code === word.charCodeAt(i - 2) && !isDigit(code)) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
