import { isWordInTrie, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { LONGEST_KNOWN_WORD } from './known-words.ts';
import {
  areLatinLetters,
  CAPITAL,
  DIGIT,
  isConsonant,
  LATIN,
  LETTER,
  type LeetText,
  readCodes,
  SEPARATOR,
  STANDS_FOR_LETTER,
  VOWEL,
} from './leet-characters.ts';

/** Longer ones are codes. */
export const MAX_WORD = 20;

/** A number with its unit, or a word that is said by its number. `4nd` is no ordinal. */
const byRight =
  /^\d*(?:1st|2nd|3rd)$|^\d+(?:th|er|am|pm|p|k|g|m|s|x|h|hr|hrs|min|ppm|me|u|day|night|nite|get|all|te|ten|ter|tes|mal|fach)$|^4(?:ward|ever|give|got|every|you)|^mp\d|^\d{2}.{0,2}$/u;
/** Where a 1 or a ! may stand for either. */
const MAX_CHOICES = 3;

/** Whether what begins with a digit, or with `mp`, is written by right. */
function isByRight(word: LeetText, start: number, end: number): boolean {
  // All that the expression finds begins with a digit or an m.
  if ((word.facts[start]! & DIGIT) === 0 && (word.codes[start]! | 32) !== 109) return false;
  return byRight.test(word.slice(start, end));
}

/**
 * Which reading of the characters at [start, end) is a known word of three letters or more, see `readWord`; -1 where none is, or where
 * it would be as good without its digits and signs.
 */
export function knownLeet(word: LeetText, start: number, end: number): number {
  const size = end - start;
  if (size < 3 || size > LONGEST_KNOWN_WORD) return -1;
  let letters = 0;
  let others = 0;
  const { facts } = word;
  for (let i = start; i < end; i++) {
    if ((facts[i]! & LETTER) !== 0) letters++;
    else if ((facts[i]! & SEPARATOR) !== 0) others++;
  }
  if (others === 0 || letters === 0 || (letters * 2 < size && size < 5)) return -1;
  const reading = knownReading(word, start, end, TRIE_ROOT, 0);
  return reading < 0 || isByRight(word, start, end) ? -1 : reading;
}

/**
 * The first known word that may be meant, as the choices that lead to it: bit k is set where the k-th 1 or ! is an l and not an i. Returns
 * -1 if there is none. `node` and `choices`: what was read before `start`.
 */
function knownReading(word: LeetText, start: number, end: number, node: number, choices: number): number {
  let at = node;
  for (let i = start; i < end; i++) {
    const code = word.codes[i]!;
    const read = code < 128 ? readCodes[code]! : code;
    if (read === I && code !== I && choices < MAX_CHOICES) {
      const i0 = stepInTrie(at, I);
      const l0 = stepInTrie(at, L);
      const asI = i0 === NO_NODE ? -1 : knownReading(word, i + 1, end, i0, choices + 1);
      const asL = l0 === NO_NODE ? -1 : knownReading(word, i + 1, end, l0, choices + 1);
      if (asL < 0) return asI < 0 ? -1 : asI * 2;
      const l = asL * 2 + 1;
      return asI < 0 ? l : Math.min(asI * 2, l);
    }
    at = stepInTrie(at, read);
    if (at === NO_NODE) return -1;
  }
  return isWordInTrie(at) ? 0 : -1;
}

/** `top5`, `am7`, `5miles`: a word as it is and a number. */
export function endsInNumber(word: LeetText, start: number, end: number): boolean {
  return ((word.facts[start]! | word.facts[end - 1]!) & DIGIT) !== 0 && isNumbered(word, start, end);
}

/** The same, and `only1more`, `too!sorry`: two words with a number or a sign between. */
function isNumbered(word: LeetText, start: number, end: number): boolean {
  const { facts } = word;
  let from = start;
  while (from < end && (facts[from]! & SEPARATOR) === 0) from++;
  if (from === end) return false;
  let to = from;
  while (to < end && (facts[to]! & SEPARATOR) !== 0) to++;
  for (let i = to; i < end; i++) if ((facts[i]! & SEPARATOR) !== 0) return false;
  if (to === end) {
    const endsInLoneZero = word.codes[end - 1] === ZERO && end - start > 1 && (facts[end - 2]! & DIGIT) === 0;
    return !endsInLoneZero && (from - start < 2 || word.isKnownWord(start, from));
  }
  if (from === start) return (facts[start]! & DIGIT) !== 0 && word.isKnownWord(to, end);
  return word.isKnownWord(start, from) && word.isKnownWord(to, end);
}

/** Whether a word that is not known may be leet beside one that is: `Pazd3rski`. */
export function isLikelyLeet(word: LeetText, start: number, end: number): boolean {
  const size = end - start;
  if (size < 4 || size > MAX_WORD) return false;
  const { facts } = word;
  let letters = 0;
  let others = 0;
  let digits = 0;
  let knownParts = 0;
  let part = start;
  let between = false;
  for (let i = start; i < end; i++) {
    const fact = facts[i]!;
    if ((fact & (LETTER | STANDS_FOR_LETTER)) === 0) return false;
    if ((fact & LETTER) !== 0) {
      if ((fact & LATIN) === 0 && isMark(word.codes[i]!)) return false;
      letters++;
      digits = 0;
      if (i > start + 1 && (facts[i - 1]! & SEPARATOR) !== 0 && (facts[i - 2]! & SEPARATOR) === 0)
        between = true;
      continue;
    }
    others++;
    digits = (fact & DIGIT) === 0 ? 0 : digits + 1;
    // More digits in a row, or two at an edge, are a number.
    if (digits === 3 || (digits === 2 && (i === start + 1 || i === end - 1))) return false;
    // `only1more`, `get2gether`, `me@home`
    if (i > part && word.isKnownWord(part, i)) knownParts++;
    part = i + 1;
  }
  if (others === 0 || letters < 3 || letters * 2 <= size) return false;
  // A digit before a word may be a number; not where another stands among its letters, as in `5p1ral`.
  if (isOneAtEdge(word.codes[start]!) && !between) return false;
  if (end > part && word.isKnownWord(part, end)) knownParts++;
  return knownParts < 2 && !isByRight(word, start, end) && !isNumbered(word, start, end);
}

/** The characters at [start, end) as letters, those that are letters as they are; `reading` as `knownReading` has it. */
export function readWord(word: LeetText, start: number, end: number, reading = 0): string {
  const shouted = isShouted(word, start, end);
  let read = '';
  let left = reading;
  let choices = 0;
  for (let i = start; i < end; i++) {
    if ((word.facts[i]! & STANDS_FOR_LETTER) === 0) {
      read += word.text[i]!;
      continue;
    }
    let letter = readCodes[word.codes[i]!]!;
    if (letter === I && choices++ < MAX_CHOICES) {
      if ((left & 1) === 1) letter = L;
      left >>= 1;
    }
    read += String.fromCharCode(shouted ? letter - 32 : letter);
  }
  return read;
}

/** Two capitals or more, and no small letter. */
function isShouted(word: LeetText, start: number, end: number): boolean {
  let capitals = 0;
  for (let i = start; i < end; i++) {
    const fact = word.facts[i]!;
    if ((fact & LATIN) !== 0) {
      if ((fact & CAPITAL) === 0) return false;
      capitals++;
    } else if ((fact & LETTER) !== 0) {
      const character = word.text[i]!;
      if (/\p{Ll}/u.test(character)) return false;
      if (/\p{Lu}/u.test(character)) capitals++;
    }
  }
  return capitals >= 2;
}

/** Whether digits and signs stand between letters as if for letters, or at an edge where a number would not. */
export function isLeet(word: LeetText, start: number, end: number): boolean {
  const size = end - start;
  if (size > MAX_WORD) return false;
  let letters = 0;
  let others = 0;
  let marks = 0;
  const { facts, codes } = word;
  let inner = codes[start] === DOLLAR;
  let run = 0;
  for (let i = start; i < end; i++) {
    const fact = facts[i]!;
    if ((fact & LETTER) !== 0) {
      letters++;
      // Between letters, and not `4` for the word: `b4u`, `go4it`.
      if (run > 0 && i - start > run) inner = true;
      run = 0;
      // `W1A4WW`, `cZFcxsn0jnQ`
      if (i > start && (fact & CAPITAL) !== 0 && isCapital(codes[i]!)) return false;
      continue;
    }
    const code = codes[i]!;
    if ((fact & STANDS_FOR_LETTER) === 0 || ++run > 2) return false;
    // `LS15HB` is a postcode.
    if (run === 2 && codes[i - 1] !== code) return false;
    if (
      code === FOUR &&
      (((i > start ? facts[i - 1]! : 0) | (i + 1 < end ? facts[i + 1]! : 0)) & VOWEL) !== 0
    )
      return false;
    // `only1more`: two words and a number.
    if (isOneFourFive(code) && letters >= 4 && areLatinLetters(word, i + 1, i + 5, end)) return false;
    if (code !== EXCLAMATION) marks++;
    others++;
  }
  if (marks === 0 || (letters < 2 && size > 3) || letters < others || letters === 0) return false;
  // Codes: `7cfca1a`, `mp3s`
  if ((facts[start]! & DIGIT) !== 0 && codes[start] !== ZERO) return false;
  if (
    !inner &&
    !(others === 2 && endsInThrees(word, start, end)) &&
    !(others === 1 && hasZeroAtEdge(word, start, end))
  )
    return false;
  return !isByRight(word, start, end) && !isNumbered(word, start, end);
}

/** `fr33` */
function endsInThrees(word: LeetText, start: number, end: number): boolean {
  return (
    end - start >= 4 &&
    word.codes[end - 1] === THREE &&
    word.codes[end - 2] === THREE &&
    areLatinLetters(word, end - 4, end - 2, end)
  );
}

/** `0ffer`, `hell0`: a number does not begin with 0 and go on with letters, and a vowel fits there. */
function hasZeroAtEdge(word: LeetText, start: number, end: number): boolean {
  if (
    word.codes[start] === ZERO &&
    isConsonant(word, start + 1) &&
    areLatinLetters(word, start + 2, start + 4, end)
  )
    return true;
  return (
    end - start >= 4 &&
    word.codes[end - 1] === ZERO &&
    isConsonant(word, end - 2) &&
    areLatinLetters(word, end - 4, end - 2, end)
  );
}

const I = 105;
const L = 108;
const ZERO = 48;
const THREE = 51;
const FOUR = 52;
const DOLLAR = 36;
const EXCLAMATION = 33;

function isOneFourFive(code: number): boolean {
  return code === 49 || code === 52 || code === 53;
}

/** `1`, `3`, `4`, `5`, `@` or `!`. */
function isOneAtEdge(code: number): boolean {
  return isOneFourFive(code) || code === THREE || code === 64 || code === EXCLAMATION;
}

/** Not a title letter such as `ǅ`. */
function isCapital(code: number): boolean {
  return code < 128 || /\p{Lu}/u.test(String.fromCharCode(code));
}

/** A mark that belongs to a word, but is no letter. */
function isMark(code: number): boolean {
  return code >= 0x300 && /\p{M}/u.test(String.fromCharCode(code));
}
