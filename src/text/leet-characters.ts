import { isLetterKind, isWordKind, kindOf, UPPER } from './character-kinds.ts';
import { MAX_LENGTH } from './character-scan.ts';
import { isKnownWordCodes } from './known-word-trie.ts';
import { latinLookAlike } from './look-alike-table.ts';

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

const PADDING = 8;

// What a character is here.
export const WORD = 1;
/** Of any script, marks that belong to a word included. */
export const LETTER = 2;
export const CAPITAL = 4;
/** a to z, in any case. */
export const LATIN = 8;
/** A digit or a sign that stands for a letter. */
export const STANDS_FOR_LETTER = 16;
/** `@`, `$` or `!`. */
export const SIGN = 32;
/** 0 to 9. */
export const DIGIT = 64;
/** Of the Latin letters. */
export const VOWEL = 128;
/** Parts the letters of a word. */
export const SEPARATOR: number = SIGN | DIGIT;

const asciiFacts = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return (
    factsOfKind(kindOf(code)) |
    (/[a-z]/i.test(character) ? LATIN : 0) |
    (letterOf[character] === undefined ? 0 : STANDS_FOR_LETTER) |
    (/[@$!]/.test(character) ? SIGN : 0) |
    (/\d/.test(character) ? DIGIT : 0) |
    (/[aeiou]/i.test(character) ? VOWEL : 0)
  );
});

/** The code of the letter that an ASCII character stands for; of others, their own. */
export const readCodes: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  (letterOf[String.fromCharCode(code)] ?? String.fromCharCode(code)).charCodeAt(0),
);

function factsOfKind(kind: number): number {
  return (isWordKind(kind) ? WORD : 0) | (isLetterKind(kind) ? LETTER : 0) | (kind === UPPER ? CAPITAL : 0);
}

/** By code unit, as far as they were asked for. */
const plainLetters: (string | undefined)[] = new Array<string | undefined>(0x1_00_00).fill(undefined);

/** What a letter, one code unit, is meant to be, whatever stands for it, in lower case. */
export function plainLetter(code: number): string {
  const known = plainLetters[code];
  if (known !== undefined) return known;
  const letter = readLetter(String.fromCharCode(code));
  plainLetters[code] = letter;
  return letter;
}

function readLetter(character: string): string {
  return letterOf[character] ?? latinLookAlike(character).toLowerCase();
}

/** The code units of a text and what each is, as arrays that the next text uses again. */
export class LeetText {
  text = '';
  length = 0;
  codes: Uint16Array = new Uint16Array(MAX_LENGTH + PADDING);
  /** Behind the text stands nothing, so that a few code units behind its end may be asked for. */
  facts: Uint8Array = new Uint8Array(MAX_LENGTH + PADDING);

  load(text: string): void {
    const { length } = text;
    if (length + PADDING > this.codes.length) {
      this.codes = new Uint16Array(length + PADDING);
      this.facts = new Uint8Array(length + PADDING);
    }
    const { codes, facts } = this;
    this.text = text;
    this.length = length;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      codes[i] = code;
      facts[i] = code < 128 ? asciiFacts[code]! : factsOfKind(kindOf(code));
    }
    codes.fill(0, length, length + PADDING);
    facts.fill(0, length, length + PADDING);
  }

  /** In lower case. */
  slice(start: number, end: number): string {
    return this.text.slice(start, end).toLowerCase();
  }

  isKnownWord(start: number, end: number): boolean {
    return isKnownWordCodes(this.codes, start, end);
  }
}

/** Whether all of [from, to), which is within [.., end), are Latin letters. */
export function areLatinLetters({ facts }: LeetText, from: number, to: number, end: number): boolean {
  if (to > end) return false;
  for (let i = from; i < to; i++) if ((facts[i]! & LATIN) === 0) return false;
  return true;
}

export function isConsonant({ facts }: LeetText, i: number): boolean {
  return (facts[i]! & (LATIN | VOWEL)) === LATIN;
}
