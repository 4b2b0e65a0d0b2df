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
  readonly cuts: readonly number[] | undefined;
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
 * stretched, joined of many, lacks all its vowels, or is one edit from a long word of spam. What is sure goes first; else the first that
 * is found holds. Written out step by step, since a list of functions is slow until the compiler has seen enough of them.
 */
export function readUnknownWord(word: string, written: string = word): WordReading | null {
  if (word.length < 2 || word.length > LONGEST) return null;
  if (isForeignLetter(word.charCodeAt(0))) {
    const text = readForeignSpelling(word);
    if (text === null) return null;
    return {
      text,
      isSure: isLongSpamWord(text) && !confusableWords.has(word),
      kind: 'foreign',
      cuts: undefined,
    };
  }
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) >= BEHIND_LATIN) return null;
  if (word.includes("'")) return readApostrophes(word);
  const consonants = readConsonants(word);
  if (consonants?.isSure) return damaged(consonants);
  const stretched = word.length < SHORTEST ? null : readStretched(word);
  if (stretched?.isSure) return damaged(stretched);
  const joined = partJoined(word, written);
  if (joined?.isSure) return partedReading(word, joined);
  const reversed = readReversed(word);
  if (reversed !== null && isLongSpamWord(reversed) && !confusableWords.has(word))
    return { text: reversed, isSure: true, kind: 'reversed', cuts: undefined };
  const edit = oneEditFrom(word);
  if (edit?.isSure) return damaged(edit);
  // None is sure: the same order.
  const likely = consonants ?? stretched ?? edit;
  if (likely !== null) return damaged(likely);
  return joined === null ? null : partedReading(word, joined);
}

function damaged(found: { readonly word: string; readonly isSure: boolean }): WordReading {
  return { text: found.word, isSure: found.isSure, kind: 'damaged', cuts: undefined };
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
  return isContraction ? null : { text, isSure: true, kind: 'damaged', cuts: undefined };
}
