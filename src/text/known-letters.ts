import { isLetterKind, kindOf } from './character-kinds.ts';
import { isWordInTrie, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { plainLetter } from './leet-characters.ts';

/** How much of a text is known words, as far as its letters are certain before anything else is undone. */
export interface KnownLetters {
  readonly letters: number;
  /** Of letters in known words of three letters or more. */
  readonly known: number;
}

const SPACE = 32;
const EXCLAMATION = 33;

/** Counts in one pass; digits and signs that stand for letters, and letters of other scripts, count as the letters. */
export function knownLettersOf(text: string): KnownLetters {
  let letters = 0;
  let known = 0;
  /** Of the word that is read, and where that leads in the trie. */
  let units = 0;
  let node = TRIE_ROOT;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : SPACE;
    // `!` ends sentences far more often than it stands for an i.
    const letter = code === EXCLAMATION ? ' ' : plainLetter(code);
    if (isLetterKind(kindOf(letter.charCodeAt(0)))) {
      letters++;
      units += letter.length;
      for (let k = 0; k < letter.length && node !== NO_NODE; k++)
        node = stepInTrie(node, letter.charCodeAt(k));
      continue;
    }
    if (units > 2 && node !== NO_NODE && isWordInTrie(node)) known += units;
    units = 0;
    node = TRIE_ROOT;
  }
  return { letters, known };
}
