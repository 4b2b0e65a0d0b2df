import { kindOf, UPPER } from './character-kinds.ts';
import { confusableWords } from './confusable-words.ts';
import { isWordInTrie, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { isEnglishWord, isKnownWord, LONGEST_KNOWN_WORD } from './known-words.ts';
import { spamWordRanks } from './spam-words.ts';
import { splitWords } from './split-words.ts';

/** Fewer letters may be a word that is not known. */
const SHORTEST = 7;
/** Of three words that take no evidence; fewer words make a compound, or a name. */
const SHORTEST_SENTENCE = 10;
/** Words that join others in a sentence, or that are said to everyone, are among the commonest of spam. */
const COMMON = 300;
/** Of one word: what is longer is looked at as a whole. */
const LONG = 32;
const WORD_COST = 10;
/** So many known words are no compound. */
const MANY_WORDS = 6;
/** From so many letters on, words that are not known may be among those that are joined, if as many are known. */
const LEAST_LONG = 16;
const LEAST_OF_LONG = 4;
/** Words with capitals. */
const LEAST_CAPITALS = 4;

/** A word that several were joined to. */
export interface JoinedWords {
  /** Where it may be parted: `winafreeprize` → [3, 4, 8]. */
  readonly cuts: readonly number[];
  /** Whether it takes no evidence from the rest of the message. */
  readonly isSure: boolean;
}

/**
 * How a word may be parted that is not known; `null` where it may not. Four words are evidence by themselves, and three of English where
 * most are common; German makes one word of two or three by right.
 */
export function partJoined(lower: string, written: string): JoinedWords | null {
  if (lower.length < SHORTEST) return null;
  if (written !== lower) {
    const capitals = cutsAtCapitals(written);
    if (capitals.length > 0) return { cuts: capitals, isSure: true };
  }
  const cuts = lower.length > LONG ? [] : knownCuts(lower);
  if (cuts.length === 0) return lower.length < LEAST_LONG ? null : partLong(lower);
  const words = [0, ...cuts].map((from, i) => lower.slice(from, cuts[i]));
  const areEnglish = words.every(isEnglishWord);
  if (words.length === 2)
    return areEnglish && words.every(({ length }) => length >= 3) ? { cuts, isSure: false } : null;
  const isSentence = (words.length >= MANY_WORDS || areCommon(words)) && lower.length >= 3 * words.length;
  const isSure =
    isSentence && (words.length > 3 || (lower.length >= SHORTEST_SENTENCE && words.every(isEnglishWord)));
  if (isSure) return { cuts, isSure: !confusableWords.has(lower) };
  return areEnglish ? { cuts, isSure: false } : null;
}

/** The same of many words, a few of which may be unknown. */
function partLong(lower: string): JoinedWords | null {
  const cuts = splitWords(lower);
  const words = [0, ...cuts].map((from, i) => lower.slice(from, cuts[i]));
  const known = words.filter(isKnownWord);
  const letters = known.reduce((sum, { length }) => sum + length, 0);
  const isSentence =
    new Set(known).size >= LEAST_OF_LONG &&
    letters >= 3 * known.length &&
    letters * 4 >= 3 * lower.length &&
    areCommon(known);
  return isSentence && !confusableWords.has(lower) ? { cuts, isSure: true } : null;
}

function areCommon(words: readonly string[]): boolean {
  return words.filter((word) => (spamWordRanks.get(word) ?? COMMON) < COMMON).length * 2 > words.length;
}

/** `WinAFreePrize`: a capital begins each word, and most are known. A name in code begins with a small letter, and has fewer words. */
function cutsAtCapitals(written: string): readonly number[] {
  if (written === written.toLowerCase() || !/^\p{Lu}/u.test(written) || /\p{Lu}{3}/u.test(written)) return [];
  const cuts: number[] = [];
  for (let i = 1; i < written.length; i++) if (kindOf(written.charCodeAt(i)) === UPPER) cuts.push(i);
  const words = [0, ...cuts].map((from, i) => written.slice(from, cuts[i]).toLowerCase());
  const known = words.filter((word) => word.length === 1 || isKnownWord(word)).length;
  return words.length >= LEAST_CAPITALS &&
    known * 3 >= 2 * words.length &&
    words.some((word) => word.length > 2)
    ? cuts
    : [];
}

const starts = new Int32Array(LONG + 1);
const costs = new Int32Array(LONG + 1);

/** The fewest known words that make up `lower`, longer ones rather than shorter; empty where none do. */
function knownCuts(lower: string): readonly number[] {
  const size = lower.length;
  costs.fill(-1, 0, size + 1);
  costs[0] = 0;
  for (let from = 0; from < size; from++) {
    if (costs[from]! < 0) continue;
    let node = TRIE_ROOT;
    const last = Math.min(size, from + LONGEST_KNOWN_WORD);
    for (let to = from + 1; to <= last; to++) {
      const code = lower.charCodeAt(to - 1);
      node = stepInTrie(node, code);
      if (node === NO_NODE) break;
      const isWord = to - from === 1 ? code === A || code === I || code === U : isWordInTrie(node);
      if (!isWord) continue;
      const cost = costs[from]! + WORD_COST + Math.max(0, 8 - 2 * (to - from));
      if (costs[to]! >= 0 && costs[to]! <= cost) continue;
      costs[to] = cost;
      starts[to] = from;
    }
  }
  if (costs[size]! < 0) return [];
  const cuts: number[] = [];
  for (let at = starts[size]!; at > 0; at = starts[at]!) cuts.push(at);
  return cuts.reverse();
}

const A = 97;
const I = 105;
const U = 117;
