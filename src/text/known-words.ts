import { languages } from './languages/languages.ts';

const all = Object.values(languages);

/**
 * Words that are common in messages of any language that models can learn, spam or not: what is left of letters whose obfuscation also
 * took the spaces, or that may be read in several ways, is compared with them. In lower case, of two letters or more, without
 * apostrophes.
 */
export const knownWords: ReadonlySet<string> = new Set(
  [
    ...all.flatMap((language) => language.knownWords),
    ...all.flatMap((language) => language.stopWords),
  ].filter((word) => word.length > 1 && !word.includes("'")),
);

const englishWords: ReadonlySet<string> = new Set([...languages.en.knownWords, ...languages.en.stopWords]);

/** Whether `word`, in lower case, is a known word of English. */
export function isEnglishWord(word: string): boolean {
  return englishWords.has(word);
}

/** No known word is longer. */
export const LONGEST_KNOWN_WORD = 18;

/** `word` in lower case. */
export function isKnownWord(word: string): boolean {
  return knownWords.has(word);
}
