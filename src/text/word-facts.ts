import { DIGIT, isLetterKind, isWordKind, LOWER, SPACE, UPPER } from './character-kinds.ts';
import { goesOnInTrie, isWordInTrie, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { knownWords } from './known-words.ts';
import { BASE_HIGH, BASE_LOW } from './term-hash.ts';
import { readReversed, readUnknownWord } from './word-readings.ts';

// What is known of a word, whatever its case.
export const KNOWN = 1;
/** A longer known word begins with it. */
export const BEGINS = 2;
/** A longer known word ends with it. */
export const ENDS = 4;
/** It can be read as another without evidence from the rest of the message. */
export const SURE = 8;
/** A single letter: known, and part of any word. */
export const LETTER = 16;
/** Counts words that are not known, in a sum of facts. */
const UNKNOWN_ONE = 1 << 5;
/** Counts those of them that may be read as known ones. */
const LIKELY_ONE = 1 << 18;
const COUNTER_MASK = (1 << 13) - 1;

/** Words that are counted have so many letters. */
const SHORTEST_COUNTED = 3;
/** A piece of a longer word has at most so many. */
const LONGEST_PIECE = 14;
/** Longer words are not looked up: they may be many words in one. */
export const LONGEST_FACTS = 32;
/** So many words at least have to be readable to be evidence for each other. */
const LEAST_EVIDENCE = 3;
/** Joined words that begin with capitals have so many letters, and so many of them after the first. */
const LEAST_HUMPED = 9;
const LEAST_HUMPS = 2;
/** Between two pieces of a word stand at most so many code units. */
export const MAX_SIGNS = 4;

let endings: Set<string> | null = null;

function endingsOfWords(): Set<string> {
  const found = new Set<string>();
  for (const word of knownWords) for (let i = 1; i < word.length; i++) found.add(word.slice(i));
  return found;
}

/** The facts of a word in lower case, of letters and apostrophes. */
export function factsOfWord(word: string): number {
  if (word.length === 1) return KNOWN | BEGINS | ENDS | LETTER;
  let facts = 0;
  let node = TRIE_ROOT;
  for (let i = 0; i < word.length && node !== NO_NODE; i++) node = stepInTrie(node, word.charCodeAt(i));
  if (word.length <= LONGEST_PIECE) {
    endings ??= endingsOfWords();
    if (node !== NO_NODE && goesOnInTrie(node)) facts |= BEGINS;
    if (endings.has(word)) facts |= ENDS;
  }
  if (node !== NO_NODE && isWordInTrie(node)) return facts | KNOWN;
  const reading = readUnknownWord(word);
  if (reading?.isSure) facts |= SURE;
  if (word.length < SHORTEST_COUNTED) return facts;
  return facts + UNKNOWN_ONE + (reading !== null || readReversed(word) !== null ? LIKELY_ONE : 0);
}

/** Whether words that may be read as known ones are so many that they are evidence for each other. `sum` of their facts. */
export function isEvidence(sum: number): boolean {
  return isMost((sum >>> 18) & COUNTER_MASK, (sum >>> 5) & COUNTER_MASK);
}

/** Whether `readable` words of `unknown` ones are enough. */
export function isMost(readable: number, unknown: number): boolean {
  return readable >= LEAST_EVIDENCE && readable * 5 >= 3 * unknown;
}

/** Whether the word, which is not known, may be read as another. */
export function isReadable(facts: number): boolean {
  return (facts & SURE) !== 0 || ((facts >>> 18) & COUNTER_MASK) !== 0;
}

/** Whether two neighbors with one sign or more between may be pieces of one word, by their facts. */
export function mayBePieces(first: number, second: number): boolean {
  return (first & BEGINS) !== 0 && (second & ENDS) !== 0 && (first & second & KNOWN) === 0;
}

const SLOT_BITS = 15;
const PROBES = 4;
const SLOTS = (1 << SLOT_BITS) + PROBES;
const STRIDE = 4;
const FACTS = 2;
const OCCUPIED = 1 << 31;

/**
 * Looks over the words of a text for those that read-words.ts may read as others. The facts of a word are looked up once and cached;
 * the cache forgets, and what it returns does not depend on what it holds.
 */
export class WordFacts {
  readonly #table = new Int32Array(SLOTS * STRIDE);
  readonly #codes = new Uint16Array(LONGEST_FACTS);
  #victim = 0;

  /** Whether read-words.ts may find something in the text, as CharacterScan has it. */
  lookOver(codes: Uint16Array, kinds: Uint8Array, length: number): boolean {
    const table = this.#table;
    let sum = 0;
    let before = 0;
    let beforeStart = 0;
    let beforeEnd = -MAX_SIGNS - 1;
    let letterPairs = 0;
    for (let i = 0; i < length; ) {
      let kind = kinds[i]!;
      if (!isWordKind(kind)) {
        i++;
        continue;
      }
      const start = i;
      let high = 0;
      let low = 0;
      let seen = 0;
      for (;;) {
        const code = codes[i]!;
        high = (Math.imul(high, BASE_HIGH) + code) | 0;
        low = (Math.imul(low, BASE_LOW) + code) | 0;
        seen |= kind;
        kind = kinds[++i]!;
        if (isWordKind(kind)) continue;
        if (codes[i] !== APOSTROPHE || !isLetterKind(kinds[i + 1]!)) break;
      }
      let facts = 0;
      if (i - start > LONGEST_FACTS) return true;
      if ((seen & UPPER & ~LOWER) !== 0 && i - start >= LEAST_HUMPED && hasHumps(kinds, start, i)) return true;
      if ((seen & DIGIT & ~LOWER) === 0) {
        const own = slotOf(high, low);
        let at = own;
        if (table[at] !== high || table[at + 1] !== low || table[at + FACTS] === 0)
          at = this.#find(own, high, low, codes, start, i);
        facts = table[at + FACTS]!;
        sum += facts & ~OCCUPIED;
        if ((facts & SURE) !== 0) return true;
        if (start - beforeEnd <= MAX_SIGNS && (facts & ENDS) !== 0 && (before & BEGINS) !== 0) {
          const isSpace = kinds[beforeEnd] === SPACE;
          if ((facts & before & KNOWN) === 0) {
            if (!isSpace) return true;
            if (start - beforeEnd === 1 && isKnownPair(codes, beforeStart, beforeEnd, start, i)) return true;
          } else if (!isSpace && (facts & before & LETTER) !== 0 && ++letterPairs === 2) return true;
        }
      }
      before = facts;
      beforeStart = start;
      beforeEnd = i;
    }
    return isEvidence(sum);
  }

  /** The facts of a word in lower case, of letters and apostrophes, at most `LONGEST_FACTS` of them. */
  factsOf(word: string): number {
    const codes = this.#codes;
    let high = 0;
    let low = 0;
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i);
      codes[i] = code;
      high = (Math.imul(high, BASE_HIGH) + code) | 0;
      low = (Math.imul(low, BASE_LOW) + code) | 0;
    }
    return this.#table[this.#find(slotOf(high, low), high, low, codes, 0, word.length) + FACTS]! & ~OCCUPIED;
  }

  #find(own: number, high: number, low: number, codes: Uint16Array, start: number, end: number): number {
    const table = this.#table;
    for (let at = own; at < own + PROBES * STRIDE; at += STRIDE) {
      if (table[at + FACTS] === 0) return this.#remember(at, high, low, codes, start, end);
      if (table[at] === high && table[at + 1] === low) return at;
    }
    this.#victim = (this.#victim + 1) % PROBES;
    return this.#remember(own + this.#victim * STRIDE, high, low, codes, start, end);
  }

  #remember(at: number, high: number, low: number, codes: Uint16Array, start: number, end: number): number {
    this.#table[at] = high;
    this.#table[at + 1] = low;
    this.#table[at + FACTS] = factsOfWord(String.fromCharCode(...codes.subarray(start, end))) | OCCUPIED;
    return at;
  }
}

const APOSTROPHE = 39;

function slotOf(high: number, low: number): number {
  return (Math.imul(Math.imul(high, 0x85ebca6b) ^ low, 0x9e3779b1) >>> (32 - SLOT_BITS)) * STRIDE;
}

/** Whether capitals follow small letters, as where four words or more were joined. */
export function hasHumps(kinds: Uint8Array, start: number, end: number): boolean {
  if (end - start < LEAST_HUMPED || kinds[start] !== UPPER) return false;
  let humps = 0;
  for (let i = start + 1; i < end; i++) if (kinds[i] === UPPER && kinds[i + 1] === LOWER) humps++;
  return humps >= LEAST_HUMPS;
}

/** Whether [from, to) and [start, end) together are a known word of four letters or more, though one of them is not known. */
function isKnownPair(codes: Uint16Array, from: number, to: number, start: number, end: number): boolean {
  if (to - from + end - start < 4) return false;
  let node = TRIE_ROOT;
  for (let i = from; i < to && node !== NO_NODE; i++) node = stepInTrie(node, codes[i]!);
  for (let i = start; i < end && node !== NO_NODE; i++) node = stepInTrie(node, codes[i]!);
  return node !== NO_NODE && isWordInTrie(node);
}
