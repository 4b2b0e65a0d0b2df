import { isLetterKind, kindOf } from './character-kinds.ts';
import { isKnownWord, LONGEST_KNOWN_WORD } from './known-words.ts';
import { plainLetter } from './leet-characters.ts';

/** How much of a text is known words, as far as its letters are certain before anything else is undone. */
export interface KnownLetters {
  readonly letters: number;
  /** Of letters in known words of three letters or more. */
  readonly known: number;
}

/** Counts in one pass; digits and signs that stand for letters, and letters of other scripts, count as the letters. */
export function knownLettersOf(text: string): KnownLetters {
  let letters = 0;
  let known = 0;
  let word = '';
  for (let i = 0; i <= text.length; i++) {
    // `!` ends sentences far more often than it stands for an i.
    const character = i < text.length && text[i] !== '!' ? plainLetter(text[i]!) : ' ';
    if (isLetterKind(kindOf(character.charCodeAt(0)))) {
      letters++;
      if (word.length <= LONGEST_KNOWN_WORD) word += character;
      continue;
    }
    if (word.length > 2 && word.length <= LONGEST_KNOWN_WORD && isKnownWord(word)) known += word.length;
    word = '';
  }
  return { letters, known };
}
