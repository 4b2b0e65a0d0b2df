import { confusableWords } from './confusable-words.ts';
import { isForeignLetter, readForeignSpelling } from './foreign-spelling.ts';
import { type JoinedWords, partJoined } from './joined-words.ts';
import { isWordInTrie, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { isKnownWord } from './known-words.ts';
import { oneEditFrom } from './spam-word-edits.ts';
import { spamWordRanks } from './spam-words.ts';
import { readConsonants, readStretched } from './word-skeletons.ts';

/** What a word that is not known may stand for, by itself. */
export interface WordReading {
  /** In lower case; several words have spaces between. */
  readonly text: string;
  /** Whether it takes no evidence from the rest of the message. */
  readonly isSure: boolean;
  readonly kind: 'damaged' | 'reversed' | 'foreign';
  /** Where the word is to be parted, if that is all. */
  readonly cuts?: readonly number[];
}

/** A word of so many letters that one of them may be missing, or more. */
const SHORTEST = 3;
const LONGEST = 400;
const BEHIND_LATIN = 0x250;
/** Of words of spam that stand backwards, or in another alphabet. */
const SHORTEST_SURE = 5;
const contractions: ReadonlySet<string> = new Set(['s', 't', 're', 'll', 've', 'd', 'm', 'n', 'em', 'all']);

/**
 * The reading of a word of letters and apostrophes, in lower case, that is not known; `null` where there is none. `isSure`: it is
 * stretched, joined of many, lacks all its vowels, or is one edit from a long word of spam.
 */
export function readUnknownWord(word: string, written: string = word): WordReading | null {
  if (word.length < 2 || word.length > LONGEST) return null;
  if (isForeignLetter(word.charCodeAt(0))) {
    const text = readForeignSpelling(word);
    if (text === null) return null;
    return { text, isSure: isLongSpamWord(text) && !confusableWords.has(word), kind: 'foreign' };
  }
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) >= BEHIND_LATIN) return null;
  if (word.includes("'")) return readApostrophes(word);
  let likely: WordReading | null = null;
  for (const read of readers) {
    const found = read(word, written);
    if (found === null) continue;
    if (found.isSure) return found;
    likely ??= found;
  }
  return likely;
}

type Reader = (word: string, written: string) => WordReading | null;

/** In the order in which what they find is taken, if all of it is sure, or none. */
const readers: readonly Reader[] = [
  (word) => damaged(readConsonants(word)),
  (word) => (word.length < SHORTEST ? null : damaged(readStretched(word))),
  (word, written) => {
    const joined = partJoined(word, written);
    return joined?.isSure ? partedReading(word, joined) : null;
  },
  (word) => {
    const text = readReversed(word);
    return text !== null && isLongSpamWord(text) && !confusableWords.has(word)
      ? { text, isSure: true, kind: 'reversed' }
      : null;
  },
  (word) => damaged(oneEditFrom(word)),
  (word, written) => {
    const joined = partJoined(word, written);
    return joined === null ? null : partedReading(word, joined);
  },
];

function damaged(found: { readonly word: string; readonly isSure: boolean } | null): WordReading | null {
  return found === null ? null : { text: found.word, isSure: found.isSure, kind: 'damaged' };
}

function partedReading(word: string, { cuts, isSure }: JoinedWords): WordReading {
  const text = [0, ...cuts].map((from, i) => word.slice(from, cuts[i])).join(' ');
  return { text, isSure, kind: 'damaged', cuts };
}

function isLongSpamWord(word: string): boolean {
  return word.length >= SHORTEST_SURE && spamWordRanks.has(word);
}

/** The known word that `word` is backwards; `null` where there is none. */
export function readReversed(word: string): string | null {
  if (word.length < 2) return null;
  let node = TRIE_ROOT;
  for (let i = word.length - 1; i >= 0 && node !== NO_NODE; i--) node = stepInTrie(node, word.charCodeAt(i));
  return node !== NO_NODE && isWordInTrie(node) ? [...word].reverse().join('') : null;
}

/** `cl'ick`, `h'o't`; not `don't` and `kommt's`. */
function readApostrophes(word: string): WordReading | null {
  const text = word.replaceAll("'", '');
  if (!isKnownWord(text)) return null;
  const [first = '', second = '', ...more] = word.split("'");
  const isContraction =
    more.length === 0 &&
    contractions.has(second) &&
    (first.length === 1 || isKnownWord(first) || (second === 't' && first.endsWith('n')));
  return isContraction ? null : { text, isSure: true, kind: 'damaged' };
}
