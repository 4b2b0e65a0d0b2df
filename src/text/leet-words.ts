import { isLetterKind, kindOf, UPPER } from './character-kinds.ts';
import { isKnownWordAt, isWordInTrie, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { LONGEST_KNOWN_WORD } from './known-words.ts';
import {
  ANY_DIGIT,
  areLatinLetters,
  DOLLAR,
  EXCLAMATION,
  FOUR,
  factsOf,
  I,
  isCapital,
  isConsonant,
  isDigitCode,
  isMark,
  isOneAtEdge,
  isOneFourFive,
  isSeparator,
  isVowel,
  L,
  LETTER,
  readCodes,
  STANDS_FOR_LETTER,
  THREE,
  ZERO,
} from './leet-characters.ts';
/** Longer ones are codes. */
export const MAX_WORD = 20;

/** A number with its unit, or a word that is said by its number. `4nd` is no ordinal. */
const byRight =
  /^\d*(?:1st|2nd|3rd)$|^\d+(?:th|er|am|pm|p|k|g|m|s|x|h|hr|hrs|min|ppm|me|u|day|night|nite|get|all|te|ten|ter|tes|mal|fach)$|^4(?:ward|ever|give|got|every|you)|^mp\d|^\d{2}.{0,2}$/u;
/** Where a 1 or a ! may stand for either. */
const MAX_CHOICES = 3;

/** Whether what begins with a digit, or with `mp`, is written by right. */
function isByRight(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  // All that the expression finds begins so.
  if (!isDigitCode(first) && (first | 32) !== 109) return false;
  return byRight.test(text.slice(start, end).toLowerCase());
}

/**
 * Which reading of the characters at [start, end) is a known word of three letters or more, see `readWord`; -1 where none is, or where
 * it would be as good without its digits and signs.
 */
export function knownLeet(text: string, start: number, end: number): number {
  const size = end - start;
  if (size < 3 || size > LONGEST_KNOWN_WORD) return -1;
  let letters = 0;
  let others = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (isLetterKind(kindOf(code))) letters++;
    else if (isSeparator(code)) others++;
  }
  if (others === 0 || letters === 0 || (letters * 2 < size && size < 5)) return -1;
  const reading = knownReading(text, start, end, TRIE_ROOT, 0);
  return reading < 0 || isByRight(text, start, end) ? -1 : reading;
}

/**
 * The first known word that may be meant, of which bit k tells whether the k-th 1 or ! is an l and not an i; -1 where there is none. `node`
 * and `choices`: what was read before `start`.
 */
function knownReading(text: string, start: number, end: number, node: number, choices: number): number {
  let at = node;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    const read = code < 128 ? readCodes[code]! : code;
    if (read === I && code !== I && choices < MAX_CHOICES) {
      const i0 = stepInTrie(at, I);
      const l0 = stepInTrie(at, L);
      const asI = i0 === NO_NODE ? -1 : knownReading(text, i + 1, end, i0, choices + 1);
      const asL = l0 === NO_NODE ? -1 : knownReading(text, i + 1, end, l0, choices + 1);
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
export function endsInNumber(text: string, start: number, end: number): boolean {
  return (
    isNumbered(text, start, end) &&
    (isDigitCode(text.charCodeAt(start)) || isDigitCode(text.charCodeAt(end - 1)))
  );
}

/** The same, and `only1more`, `too!sorry`: two words with a number or a sign between. */
function isNumbered(text: string, start: number, end: number): boolean {
  let from = start;
  while (from < end && !isSeparator(text.charCodeAt(from))) from++;
  if (from === end) return false;
  let to = from;
  while (to < end && isSeparator(text.charCodeAt(to))) to++;
  for (let i = to; i < end; i++) if (isSeparator(text.charCodeAt(i))) return false;
  if (to === end) {
    const endsInLoneZero =
      text.charCodeAt(end - 1) === ZERO && end - start > 1 && !isDigitCode(text.charCodeAt(end - 2));
    return !endsInLoneZero && (from - start < 2 || isKnownWordAt(text, start, from));
  }
  if (from === start) return isDigitCode(text.charCodeAt(start)) && isKnownWordAt(text, to, end);
  return isKnownWordAt(text, start, from) && isKnownWordAt(text, to, end);
}

/** Whether a word that is not known may be leet beside one that is: `Pazd3rski`. */
export function isLikelyLeet(text: string, start: number, end: number): boolean {
  const size = end - start;
  if (size < 4 || size > MAX_WORD) return false;
  let letters = 0;
  let others = 0;
  let digits = 0;
  let knownParts = 0;
  let part = start;
  let between = false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    const fact = factsOf(code);
    if (
      fact === 0 ? isMark(code) || !isLetterKind(kindOf(code)) : (fact & (LETTER | STANDS_FOR_LETTER)) === 0
    )
      return false;
    if ((fact & STANDS_FOR_LETTER) === 0) {
      letters++;
      digits = 0;
      if (i > start + 1 && isSeparator(text.charCodeAt(i - 1)) && !isSeparator(text.charCodeAt(i - 2)))
        between = true;
      continue;
    }
    others++;
    digits = (fact & ANY_DIGIT) === 0 ? 0 : digits + 1;
    // More digits in a row, or two at an edge, are a number.
    if (digits === 3 || (digits === 2 && (i === start + 1 || i === end - 1))) return false;
    // `only1more`, `get2gether`, `me@home`
    if (i > part && isKnownWordAt(text, part, i)) knownParts++;
    part = i + 1;
  }
  if (others === 0 || letters < 3 || letters * 2 <= size) return false;
  // A digit before a word may be a number; not where another stands among its letters, as in `5p1ral`.
  if (isOneAtEdge(text.charCodeAt(start)) && !between) return false;
  if (end > part && isKnownWordAt(text, part, end)) knownParts++;
  return knownParts < 2 && !isByRight(text, start, end) && !isNumbered(text, start, end);
}

/** The characters at [start, end) as letters, those that are letters as they are; `reading` as `knownReading` has it. */
export function readWord(text: string, start: number, end: number, reading = 0): string {
  const shouted = isShouted(text, start, end);
  let read = '';
  let left = reading;
  let choices = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if ((factsOf(code) & STANDS_FOR_LETTER) === 0) {
      read += text[i]!;
      continue;
    }
    let letter = readCodes[code]!;
    if (letter === I && choices++ < MAX_CHOICES) {
      if ((left & 1) === 1) letter = L;
      left >>= 1;
    }
    read += String.fromCharCode(shouted ? letter - 32 : letter);
  }
  return read;
}

/** Two capitals or more, and no small letter. */
function isShouted(text: string, start: number, end: number): boolean {
  let capitals = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < 128) {
      if ((factsOf(code) & LETTER) === 0) continue;
      if (code >= 97) return false;
      capitals++;
    } else {
      const character = text[i]!;
      if (/\p{Ll}/u.test(character)) return false;
      if (/\p{Lu}/u.test(character)) capitals++;
    }
  }
  return capitals >= 2;
}

/** Whether digits and signs stand between letters as if for letters, or at an edge where a number would not. */
export function isLeet(text: string, start: number, end: number): boolean {
  const size = end - start;
  if (size > MAX_WORD) return false;
  let letters = 0;
  let others = 0;
  let marks = 0;
  let inner = text.charCodeAt(start) === DOLLAR;
  let run = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (isLetterKind(kindOf(code))) {
      letters++;
      // Between letters, and not `4` for the word: `b4u`, `go4it`.
      if (run > 0 && i - start > run) inner = true;
      run = 0;
      // `W1A4WW`, `cZFcxsn0jnQ`
      if (i > start && kindOf(code) === UPPER && isCapital(code)) return false;
      continue;
    }
    if ((factsOf(code) & STANDS_FOR_LETTER) === 0 || ++run > 2) return false;
    // `LS15HB` is a postcode.
    if (run === 2 && text.charCodeAt(i - 1) !== code) return false;
    if (code === FOUR && (isVowel(text, i - 1, start, end) || isVowel(text, i + 1, start, end))) return false;
    // `only1more`: two words and a number.
    if (isOneFourFive(code) && letters >= 4 && areLatinLetters(text, i + 1, i + 5, end)) return false;
    if (code !== EXCLAMATION) marks++;
    others++;
  }
  if (marks === 0 || (letters < 2 && size > 3) || letters < others || letters === 0) return false;
  // Codes: `7cfca1a`, `mp3s`
  const first = text.charCodeAt(start);
  if (first >= 49 && first <= 57) return false;
  if (
    !inner &&
    !(others === 2 && endsInThrees(text, start, end)) &&
    !(others === 1 && hasZeroAtEdge(text, start, end))
  )
    return false;
  return !isByRight(text, start, end) && !isNumbered(text, start, end);
}

/** `fr33` */
function endsInThrees(text: string, start: number, end: number): boolean {
  return (
    end - start >= 4 &&
    text.charCodeAt(end - 1) === THREE &&
    text.charCodeAt(end - 2) === THREE &&
    areLatinLetters(text, end - 4, end - 2, end)
  );
}

/** `0ffer`, `hell0`: a number does not begin with 0 and go on with letters, and a vowel fits there. */
function hasZeroAtEdge(text: string, start: number, end: number): boolean {
  if (
    text.charCodeAt(start) === ZERO &&
    isConsonant(text, start + 1) &&
    areLatinLetters(text, start + 2, start + 4, end)
  )
    return true;
  return (
    end - start >= 4 &&
    text.charCodeAt(end - 1) === ZERO &&
    isConsonant(text, end - 2) &&
    areLatinLetters(text, end - 4, end - 2, end)
  );
}
