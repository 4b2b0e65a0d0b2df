import { isLetterKind, isWordKind, kindOf } from './character-kinds.ts';
import { disguiseBit } from './disguise.ts';
import type { Edits } from './edits.ts';
import { isKnownWord, LONGEST_KNOWN_WORD } from './known-words.ts';
import { latinLookAlike } from './look-alikes.ts';

const LEET = disguiseBit('leet');

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

/** Endings of domains with a digit in them; other names of domains keep their digits. */
const endings: ReadonlyMap<string, string> = new Map([
  ['c0m', 'com'],
  ['n3t', 'net'],
  ['0rg', 'org'],
  ['inf0', 'info'],
]);

/** `0ffer`, `hell0`: a number does not begin with 0 and go on with letters, and a vowel fits there. */
const zeroAtEdge = /^0[b-df-hj-np-tv-z][a-z]{2}|[a-z]{2}[b-df-hj-np-tv-z]0$/i;

/** How far before a word the beginning of a link is looked for. */
const MAX_TOKEN = 100;

/** Longer ones are codes. */
const MAX_WORD = 20;

/** A letter as it is meant, whatever stands for it, in lower case. */
export function plainLetter(character: string): string {
  return letterOf[character] ?? latinLookAlike(character).toLowerCase();
}

/**
 * Reads digits and signs inside words as the letters that they stand for: `m0ney`, `v1agra`, `ca$h`, `fr33`, `0ffer`; at the edge of
 * a word, and where several letters may be meant, if a known word comes of it: `7hank`, `f@ncy`, `a1l`. `gr8`, `b4u`, `mp3`, `18s`,
 * `1st`, `50p` and `2nite` stay; so does what is part of an address.
 */
export function readLeet(text: string, edits: Edits): number {
  const found: (readonly [start: number, end: number, word: string])[] = [];
  let evident = false;
  let i = 0;
  while (i < text.length) {
    const plainEnd = endOfPlainWord(text, i);
    if (plainEnd > i) {
      i = plainEnd;
      continue;
    }
    const signFirst =
      isSignAt(text, i) &&
      isLetterAt(text, i + 1) &&
      (isWordAt(text, i + 2) || isSignAt(text, i + 2)) &&
      !isWordAt(text, i - 1);
    if (!signFirst && !isWordAt(text, i)) {
      i++;
      continue;
    }
    const start = i++;
    const end = endOfLeet(text, start);
    const known = knownLeet(text, start, end);
    if (known !== null) {
      i = end;
      // `top5` may be a number after a word; a word may end in 0 by disguise alone.
      if (!endsInNumber(text.slice(start, end).toLowerCase())) evident = true;
      found.push([start, i, known]);
      continue;
    }
    if (signFirst && text[start] !== '$') continue;
    while (i < text.length && (isWordAt(text, i) || isInnerSign(text, start, i))) i++;
    const word = text.slice(start, i);
    const ending = text[start - 1] === '.' ? endings.get(word.toLowerCase()) : undefined;
    const sure =
      word.length <= MAX_WORD && /[\d@$]/.test(word) && isLeet(word) && !isInAddress(text, start, i);
    if (ending !== undefined || sure) {
      evident = true;
      found.push([start, i, ending ?? readWord(word)]);
    } else if (isLikelyLeet(text, start, end)) {
      i = end;
      found.push([start, end, '']);
    }
  }
  if (!evident) return 0;
  // One that is sure speaks for those that are only likely.
  for (const [start, end, word] of found)
    edits.replace(start, end, word === '' ? readWord(text.slice(start, end)) : word);
  return LEET;
}

/** A number with its unit, or a word that is said by its number. `4nd` is no ordinal. */
const byRight =
  /^\d*(?:1st|2nd|3rd)$|^\d+(?:th|er|am|pm|p|k|g|m|s|x|h|hr|hrs|min|ppm|me|u|day|night|nite|get|all|te|ten|ter|tes|mal|fach)$|^4(?:ward|ever|give|got|every|you)|^mp\d|^\d{2}.{0,2}$/u;
/** Where a 1 or a ! may stand for either. */
const MAX_CHOICES = 3;

/** The end of a word of letters or of digits alone, without a sign after it, which stands for nothing else; `start` where there is none. */
function endOfPlainWord(text: string, start: number): number {
  let letters = false;
  let digits = false;
  let i = start;
  for (; i < text.length; i++) {
    const kind = kindOf(text.charCodeAt(i));
    if (!isWordKind(kind)) break;
    if (isLetterKind(kind)) letters = true;
    else digits = true;
  }
  return (letters && digits) || isSignAt(text, i) ? start : i;
}

/** The end of what begins at `start` and may be one word, signs inside among its letters. */
function endOfLeet(text: string, start: number): number {
  let end = start;
  while (end < text.length && end - start <= MAX_WORD && (isWordAt(text, end) || isSignAt(text, end))) end++;
  // A sign at the end is one of its own.
  while (end > start && isSignAt(text, end - 1)) end--;
  return end;
}

/**
 * The known word of three letters or more that the characters at [start, end) stand for, as it would be written there; null where
 * there is none, or where it would be as good without its digits and signs.
 */
function knownLeet(text: string, start: number, end: number): string | null {
  const size = end - start;
  if (size < 3 || size > LONGEST_KNOWN_WORD) return null;
  const written = text.slice(start, end);
  const word = written.toLowerCase();
  if (!/[\d@$!]/.test(word) || word.length !== size || byRight.test(word)) return null;
  const letters = lettersOf(word);
  if (letters === 0 || (letters * 2 < size && size < 5)) return null;
  const read = knownReading(word);
  return read === null || isInAddress(text, start, end) ? null : inCaseOf(written, read);
}

/** `top5`, `am7`, `5miles`: a word as it is and a number. */
function endsInNumber(word: string): boolean {
  return isNumbered(word) && /^\d|\d$/.test(word);
}

/** The same, and `only1more`, `too!sorry`: two words with a number or a sign between. */
function isNumbered(word: string): boolean {
  const parts = word.split(/[\d@$!]+/);
  if (parts.length !== 2) return false;
  const [before, after] = parts as [string, string];
  if (after === '') return !/\D0$/.test(word) && (before.length < 2 || isKnownWord(before));
  if (before === '') return isKnownWord(after) && /^\d/.test(word);
  return isKnownWord(before) && isKnownWord(after);
}

/** Whether a word that is not known may be leet beside one that is: `Pazd3rski`. */
function isLikelyLeet(text: string, start: number, end: number): boolean {
  const size = end - start;
  if (size < 4 || size > MAX_WORD) return false;
  const word = text.slice(start, end).toLowerCase();
  if (!/^[\p{L}013457@$!]+$/u.test(word) || !/[\d@$!]/.test(word)) return false;
  if (byRight.test(word) || isNumbered(word) || /\d{3}|^\d\d|\d{2}$/.test(word)) return false;
  // A digit before a word may be a number; not where another stands among its letters, as in `5p1ral`.
  if (/^[1345@!]/.test(word) && !/\p{L}[\d@$!]\p{L}/u.test(word)) return false;
  // `only1more`, `get2gether`, `me@home`
  const parts = word.split(/[\d@$!]+/);
  if (parts.filter((part) => isKnownWord(part)).length > 1) return false;
  const letters = lettersOf(word);
  return letters >= 3 && letters * 2 > size && !isInAddress(text, start, end);
}

function lettersOf(word: string): number {
  let letters = 0;
  for (let k = 0; k < word.length; k++) if (isLetterAt(word, k)) letters++;
  return letters;
}

function knownReading(word: string): string | null {
  const readings = [''];
  let choices = 0;
  for (const character of word) {
    const letter = letterOf[character] ?? character;
    const other = letter === 'i' && letter !== character && choices++ < MAX_CHOICES ? 'l' : '';
    const count = readings.length;
    for (let k = 0; k < count; k++) {
      if (other !== '') readings.push(readings[k]! + other);
      readings[k] += letter;
    }
  }
  return readings.find(isKnownWord) ?? null;
}

function isSignAt(text: string, i: number): boolean {
  const sign = text.charCodeAt(i);
  return sign === 64 || sign === 36 || sign === 33;
}

function readWord(word: string): string {
  let read = '';
  for (const character of word) read += letterOf[character] ?? character;
  return inCaseOf(word, read);
}

/** `read` with the letters of `written` as they are, and capitals for the others in a word of capitals. */
function inCaseOf(written: string, read: string): string {
  const shouted = /\p{Lu}.*\p{Lu}/u.test(written) && !/\p{Ll}/u.test(written);
  let cased = '';
  for (let k = 0; k < read.length; k++)
    cased += isLetterAt(written, k) ? written[k]! : shouted ? read[k]!.toUpperCase() : read[k]!;
  return cased;
}

function isLeet(word: string): boolean {
  let letters = 0;
  let others = 0;
  let inner = /^\$/.test(word);
  let run = 0;
  for (let i = 0; i < word.length; i++) {
    const character = word[i]!;
    if (isLetterKind(kindOf(word.charCodeAt(i)))) {
      letters++;
      // Between letters, and not `4` for the word: `b4u`, `go4it`.
      if (run > 0 && run < i) inner = true;
      run = 0;
      continue;
    }
    if (letterOf[character] === undefined || ++run > 2) return false;
    // `LS15HB` is a postcode.
    if (run === 2 && word[i - 1] !== character) return false;
    if (character === '4' && (isVowelAt(word, i - 1) || isVowelAt(word, i + 1))) return false;
    // `only1more`: two words and a number.
    if (/[145]/.test(character) && letters >= 4 && /^[a-z]{4}/i.test(word.slice(i + 1))) return false;
    others++;
  }
  if (letters < 2 && word.length > 3) return false;
  // Codes: `W1A4WW`, `cZFcxsn0jnQ`, `7cfca1a`, `mp3s`
  if (/^[1-9]|.\p{Lu}/u.test(word) || byRight.test(word.toLowerCase()) || isNumbered(word.toLowerCase()))
    return false;
  if (letters < others || letters === 0) return false;
  return inner || (others === 2 && /[a-z]{2}33$/i.test(word)) || (others === 1 && zeroAtEdge.test(word));
}

/** `$` between letters; `@` after one or two consonants, since `me@home` is written by right. */
function isInnerSign(text: string, start: number, i: number): boolean {
  const sign = text[i];
  if (sign !== '@' && sign !== '$') return false;
  if (!isWordAt(text, i - 1) || !isLetterAt(text, i + 1)) return false;
  return sign === '$' || /^[b-df-hj-np-tv-z]{1,2}$/i.test(text.slice(start, i));
}

function isInAddress(text: string, start: number, end: number): boolean {
  const before = start > 0 ? text[start - 1]! : ' ';
  const after = end < text.length ? text[end]! : ' ';
  // `wire3 [dot] net`
  if (/^ ?[[({<] ?(?:dot|\.)|^ dot /i.test(text.slice(end, end + 6))) return true;
  // Within a link everything is a code.
  const token = /\S*$/.exec(text.slice(Math.max(0, start - MAX_TOKEN), start))![0];
  if (/:\/\/|www\.|\.[a-z]{2,4}\//i.test(token)) return true;
  if (/[/=&_@#%+-]/.test(before) || /[/=&_@%+-]/.test(after)) return true;
  return (
    (before === '.' && start > 1 && isWordAt(text, start - 2)) ||
    (after === '.' && end + 1 < text.length && isWordAt(text, end + 1)) ||
    (after === ':' && text[end + 1] === '/')
  );
}

function isVowelAt(word: string, i: number): boolean {
  return i >= 0 && i < word.length && /[aeiou]/i.test(word[i]!);
}

function isWordAt(text: string, i: number): boolean {
  return isWordKind(kindOf(text.charCodeAt(i)));
}

function isLetterAt(text: string, i: number): boolean {
  return i < text.length && isLetterKind(kindOf(text.charCodeAt(i)));
}
