import { everydayShareOf } from './campaign-words.ts';

const WORDS = /[\p{L}\p{N}\p{M}]+/gu;
/** Characters of a message whose words are looked up. */
const READ_CHARACTERS = 4_000;
const LONGEST_WORD = 40;

/** Distinct words in lower case, of letters, digits and marks, of the beginning of a text. */
export function distinctWordsOf(text: string): ReadonlySet<string> {
  const words = text.slice(0, READ_CHARACTERS).toLowerCase().match(WORDS) ?? [];
  return new Set(words.filter((word) => word.length <= LONGEST_WORD));
}

/** Words that the fewest everyday messages have; those with digits, of which many are in one message only, and short ones last. */
export function rarestWords(words: ReadonlySet<string>, most: number): readonly string[] {
  const rank = (word: string) =>
    everydayShareOf(word) + (/\p{N}/u.test(word) ? 1 : 0) + (word.length < 3 ? 0.5 : 0);
  return [...words]
    .map((word) => ({ word, at: rank(word) }))
    .sort((a, b) => a.at - b.at || b.word.length - a.word.length || (a.word < b.word ? -1 : 1))
    .slice(0, most)
    .map(({ word }) => word);
}
