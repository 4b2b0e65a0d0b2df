import type { PreparedText } from '../featurizer.ts';
import { comparableKey, SIMILARITY_VERSION } from './comparable-text.ts';
import { everydayShare, everydayWordShare } from './everyday-pairs.ts';
import { mix } from './mix.ts';

/** Campaigns and centers of another version must not be compared with those of this one. */
export const CAMPAIGN_VERSION = `campaign-1/${SIMILARITY_VERSION}`;

/** More pairs of a message are not compared; which ones, the hash decides, so that variants keep the same ones. */
const MAX_PAIRS = 200;
/** Distinct rare words of a short message that is no everyday phrase; a longer one needs one less for each such length. */
const LEAST_RARE_WORDS = 3;
/** Words of a short message: fewer than this. */
const SHORT = 10;
/** Words of fewer everyday messages are rare. */
const RARE_SHARE = 3e-3;
/** What follows in a message is not compared. */
const MAX_WORDS = 2000;

/** A script whose words have no spaces between them: each character counts as a word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/gu;

/** The pairs of words of one message: adjacent ones, and those with one word between them. */
export interface WordPairs {
  /** Hashes, distinct, in ascending order. */
  readonly pairs: Uint32Array;
  /** Which share of everyday messages has each of them. */
  readonly everyday: Float64Array;
  /** Hashes of the words of each of them. */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** Greetings and everyday phrases are short and have no rare words but a name or two: those belong to no campaign. */
  readonly isEveryday: boolean;
}

/** Hashes of the message's words, in their order: of the deobfuscated text, as for near-duplicates. */
export function wordsOf(message: string | PreparedText): Uint32Array {
  const words = comparableKey(message).replace(unspaced, ' $& ').split(' ').filter(Boolean);
  return Uint32Array.from(words.slice(0, MAX_WORDS), hashOfWord);
}

/** An inserted word leaves the pair around it, so both kinds of pairs have the same hashes. */
export function hashOfPair(first: number, second: number): number {
  return mix(Math.imul(first, 0x9e3779b1) ^ mix(second + 0x51ed270b)) >>> 0;
}

/** All distinct pairs of the words, with both words of each. */
export function allPairsOf(words: Uint32Array): ReadonlyMap<number, readonly [number, number]> {
  const pairs = new Map<number, readonly [number, number]>();
  for (let at = 0; at < words.length; at++)
    for (let next = at + 1; next <= at + 2 && next < words.length; next++)
      if (words[at] !== words[next])
        pairs.set(hashOfPair(words[at]!, words[next]!), [words[at]!, words[next]!]);
  return pairs;
}

export function wordPairsOf(message: string | PreparedText): WordPairs {
  const words = wordsOf(message);
  const all = allPairsOf(words);
  let hashes = Uint32Array.from(all.keys());
  if (hashes.length > MAX_PAIRS)
    hashes = Uint32Array.from([...hashes].sort((a, b) => rank(a) - rank(b)).slice(0, MAX_PAIRS));
  hashes.sort();
  return {
    pairs: hashes,
    everyday: Float64Array.from(hashes, (hash) => {
      const [first, second] = all.get(hash)!;
      // Two everyday words are an everyday pair, also where the sketch does not know it.
      return Math.max(everydayShare(hash), everydayWordShare(first) * everydayWordShare(second));
    }),
    first: Uint32Array.from(hashes, (hash) => all.get(hash)![0]),
    second: Uint32Array.from(hashes, (hash) => all.get(hash)![1]),
    isEveryday: rareWordsOf(words) < Math.max(1, LEAST_RARE_WORDS - Math.floor(words.length / SHORT)),
  };
}

/** Which share of everyday messages has a word, in the form of a comparable key; 0 for a rare one. */
export function everydayShareOf(word: string): number {
  return everydayWordShare(hashOfWord(word));
}

function rareWordsOf(words: Uint32Array): number {
  return [...new Set(words)].filter((word) => everydayWordShare(word) < RARE_SHARE).length;
}

/** Independent of the order of the hashes themselves, by which centers are sorted. */
export function rank(hash: number): number {
  return mix(hash ^ 0x2545f491) >>> 0;
}

function hashOfWord(word: string): number {
  let hash = word.length;
  for (let at = 0; at < word.length; at++) hash = mix(Math.imul(hash, 0x9e3779b1) + word.charCodeAt(at));
  return hash >>> 0;
}
