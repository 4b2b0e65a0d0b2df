import { confusableWords } from './confusable-words.ts';
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
/** It is not known, and has so many letters that it counts. */
export const UNKNOWN = 32;
/** It may be read as another word, if others may be as well. */
export const LIKELY = 64;

/** Words that are counted have so many letters. */
const SHORTEST_COUNTED = 3;
/** A piece of a longer word has at most so many. */
const LONGEST_PIECE = 14;
/** Longer words are not looked up: they may be many words in one. */
export const LONGEST_FACTS = 32;
/** So many words at least have to be readable to be evidence for each other. */
const LEAST_EVIDENCE = 3;
let endings: Set<string> | null = null;

function endingsOfWords(): Set<string> {
  const found = new Set<string>();
  for (const word of knownWords) for (let i = 1; i < word.length; i++) found.add(word.slice(i));
  return found;
}

/** The facts of a word in lower case, of letters and apostrophes. */
function factsOfWord(word: string): number {
  if (word.length === 1) return KNOWN | BEGINS | ENDS | LETTER;
  let facts = 0;
  let node = TRIE_ROOT;
  for (let i = 0; i < word.length && node !== NO_NODE; i++) node = stepInTrie(node, word.charCodeAt(i));
  if (word.length <= LONGEST_PIECE) {
    endings ??= endingsOfWords();
    if (node !== NO_NODE && goesOnInTrie(node)) facts |= BEGINS;
    if (endings.has(word)) facts |= ENDS;
  }
  if ((node !== NO_NODE && isWordInTrie(node)) || confusableWords.has(word)) return facts | KNOWN;
  const reading = readUnknownWord(word);
  if (reading?.isSure) facts |= SURE;
  if (word.length < SHORTEST_COUNTED) return facts;
  return facts | UNKNOWN | (reading !== null || readReversed(word) !== null ? LIKELY : 0);
}

/** Whether `readable` words of `unknown` ones are enough. */
export function isMost(readable: number, unknown: number): boolean {
  return readable >= LEAST_EVIDENCE && readable * 5 >= 3 * unknown;
}

/** Whether the word, which is not known, may be read as another. */
export function isReadable(facts: number): boolean {
  return (facts & (SURE | LIKELY)) !== 0;
}

/** Whether two neighbors with one sign or more between may be pieces of one word, by their facts. */
export function mayBePieces(first: number, second: number): boolean {
  return (first & BEGINS) !== 0 && (second & ENDS) !== 0 && (first & second & KNOWN) === 0;
}

const SLOT_BITS = 15;
const PROBES = 4;
const SLOTS = (1 << SLOT_BITS) + PROBES;
/** Fields of an entry: the high half of the word's value; the low half, with the facts in place of its last bits. */
const STRIDE = 2;
const OCCUPIED = 128;
const FACTS_MASK = 255;

/**
 * The facts of words, each looked up once and cached; the cache forgets, and what it returns does not depend on what it holds.
 */
export class WordFacts {
  readonly #table = new Int32Array(SLOTS * STRIDE);
  readonly #codes = new Uint16Array(LONGEST_FACTS);
  #victim = 0;

  /** Of the word in lower case at [start, end) of `codes`, whose value is `high` and `low`. */
  at(high: number, low: number, codes: Uint16Array, start: number, end: number): number {
    const table = this.#table;
    const own = slotOf(high, low);
    const entry = table[own + 1]!;
    if (table[own] === high && ((entry ^ low) & ~FACTS_MASK) === 0 && entry !== 0) return entry & FACTS_MASK;
    return this.#find(own, high, low, codes, start, end) & FACTS_MASK;
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
    return this.at(high, low, codes, 0, word.length) & ~OCCUPIED;
  }

  #find(own: number, high: number, low: number, codes: Uint16Array, start: number, end: number): number {
    const table = this.#table;
    for (let at = own; at < own + PROBES * STRIDE; at += STRIDE) {
      const entry = table[at + 1]!;
      if (entry === 0) return this.#remember(at, high, low, codes, start, end);
      if (table[at] === high && ((entry ^ low) & ~FACTS_MASK) === 0) return entry;
    }
    this.#victim = (this.#victim + 1) % PROBES;
    return this.#remember(own + this.#victim * STRIDE, high, low, codes, start, end);
  }

  #remember(at: number, high: number, low: number, codes: Uint16Array, start: number, end: number): number {
    const facts = factsOfWord(String.fromCharCode(...codes.subarray(start, end)));
    this.#table[at] = high;
    this.#table[at + 1] = (low & ~FACTS_MASK) | OCCUPIED | facts;
    return this.#table[at + 1]!;
  }
}

function slotOf(high: number, low: number): number {
  return (Math.imul(Math.imul(high, 0x85ebca6b) ^ low, 0x9e3779b1) >>> (32 - SLOT_BITS)) * STRIDE;
}
