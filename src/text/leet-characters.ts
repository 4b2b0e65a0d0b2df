import { isLetterKind, isWordKind, kindOf } from './character-kinds.ts';
import { latinLookAlike } from './look-alikes.ts';

const letterOf: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Of an ASCII code, what it is here. */
export const LETTER = 1;
/** Stands for a letter: a digit or a sign. */
export const STANDS_FOR_LETTER = 2;
const SIGN = 4;
export const ANY_DIGIT = 8;
const VOWEL = 16;
const facts = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return (
    (/[a-z]/i.test(character) ? LETTER : 0) |
    (letterOf[character] === undefined ? 0 : STANDS_FOR_LETTER) |
    (/[@$!]/.test(character) ? SIGN : 0) |
    (/\d/.test(character) ? ANY_DIGIT : 0) |
    (/[aeiou]/i.test(character) ? VOWEL : 0)
  );
});
/** The code of the letter that a character stands for; of others, their own. */
export const readCodes = Uint8Array.from({ length: 128 }, (_, code) =>
  (letterOf[String.fromCharCode(code)] ?? String.fromCharCode(code)).charCodeAt(0),
);

/** A letter as it is meant, whatever stands for it, in lower case. */
export function plainLetter(character: string): string {
  return letterOf[character] ?? latinLookAlike(character).toLowerCase();
}

export const DOLLAR = 36;
export const AT = 64;
export const FOUR = 52;
export const I = 105;
export const L = 108;
export const ZERO = 48;
export const THREE = 51;
export const EXCLAMATION = 33;

export function factsOf(code: number): number {
  return code < 128 ? facts[code]! : 0;
}

export function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A digit or a sign. */
export function isSeparator(code: number): boolean {
  return code < 128 && (facts[code]! & (ANY_DIGIT | SIGN)) !== 0;
}

export function isOneFourFive(code: number): boolean {
  return code === 49 || code === 52 || code === 53;
}

/** `1`, `3`, `4`, `5`, `@` or `!`. */
export function isOneAtEdge(code: number): boolean {
  return isOneFourFive(code) || code === THREE || code === AT || code === EXCLAMATION;
}

export function areLatinLetters(text: string, from: number, to: number, end: number): boolean {
  if (to > end) return false;
  for (let i = from; i < to; i++) if ((factsOf(text.charCodeAt(i)) & LETTER) === 0) return false;
  return true;
}

export function isConsonant(text: string, i: number): boolean {
  return (factsOf(text.charCodeAt(i)) & (LETTER | VOWEL)) === LETTER;
}

export function isVowel(text: string, i: number, start: number, end: number): boolean {
  return i >= start && i < end && (factsOf(text.charCodeAt(i)) & VOWEL) !== 0;
}

/** Not a title letter such as `ǅ`. */
export function isCapital(code: number): boolean {
  return code < 128 || /\p{Lu}/u.test(String.fromCharCode(code));
}

/** A mark that belongs to a word, but is no letter. */
export function isMark(code: number): boolean {
  return code >= 0x300 && /\p{M}/u.test(String.fromCharCode(code));
}

export function isSignAt(text: string, i: number): boolean {
  const sign = text.charCodeAt(i);
  return sign === AT || sign === DOLLAR || sign === EXCLAMATION;
}

export function isWordAt(text: string, i: number): boolean {
  return isWordKind(kindOf(text.charCodeAt(i)));
}

export function isLetterAt(text: string, i: number): boolean {
  return i < text.length && isLetterKind(kindOf(text.charCodeAt(i)));
}
