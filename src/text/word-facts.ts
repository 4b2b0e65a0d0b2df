import { confusableWords } from './confusable-words.ts';
import {
  BACKWARD_ROOT,
  goesOnInTrie,
  isWordInTrie,
  NO_NODE,
  stepInTrie,
  TRIE_ROOT,
} from './known-word-trie.ts';
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

/** The bits of all facts. */
export const ALL_FACTS = 127;

/** Words that are counted have so many letters. */
const SHORTEST_COUNTED = 3;
/** A piece of a longer word has at most so many. */
const LONGEST_PIECE = 14;
/** Longer words are not looked up: they may be many words in one. */
export const LONGEST_FACTS = 32;
/** So many words at least have to be readable to be evidence for each other. */
const LEAST_EVIDENCE = 3;
/**
 * The facts of a word in lower case, of letters and apostrophes, at most `LONGEST_FACTS` of them. It takes longer than all else that is
 * done with a word; WordForms remembers the answer.
 */
export function factsOfWord(word: string): number {
  if (word.length === 1) return KNOWN | BEGINS | ENDS | LETTER;
  let facts = 0;
  let node = TRIE_ROOT;
  for (let i = 0; i < word.length && node !== NO_NODE; i++) node = stepInTrie(node, word.charCodeAt(i));
  if (word.length <= LONGEST_PIECE) {
    if (node !== NO_NODE && goesOnInTrie(node)) facts |= BEGINS;
    let last = BACKWARD_ROOT;
    for (let i = word.length - 1; i >= 0 && last !== NO_NODE; i--)
      last = stepInTrie(last, word.charCodeAt(i));
    if (last !== NO_NODE && goesOnInTrie(last)) facts |= ENDS;
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
