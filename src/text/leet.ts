import { AddressScan } from './address-scan.ts';
import { isLetterKind, isWordKind, kindOf } from './character-kinds.ts';
import { disguiseBit } from './disguise.ts';
import type { Edits } from './edits.ts';
import { AT, DOLLAR, isConsonant, isLetterAt, isSignAt, isWordAt } from './leet-characters.ts';
import { endsInNumber, isLeet, isLikelyLeet, knownLeet, MAX_WORD, readWord } from './leet-words.ts';

const LEET = disguiseBit('leet');

/** Endings of domains with a digit in them; other names of domains keep their digits. */
const endings: ReadonlyMap<string, string> = new Map([
  ['c0m', 'com'],
  ['n3t', 'net'],
  ['0rg', 'org'],
  ['inf0', 'info'],
]);

/** Words found, each with what it is read as; the empty string for one that is only likely. */
type Found = readonly [start: number, end: number, word: string];

/**
 * Reads digits and signs inside words as the letters that they stand for: `m0ney`, `v1agra`, `ca$h`, `fr33`, `0ffer`; at the edge of
 * a word, and where several letters may be meant, if a known word comes of it: `7hank`, `f@ncy`, `a1l`. `gr8`, `b4u`, `mp3`, `18s`,
 * `1st`, `50p` and `2nite` stay; so does what is part of an address.
 */
export function readLeet(text: string, edits: Edits): number {
  const found: Found[] = [];
  const addresses = new AddressScan(text);
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
    if (known >= 0 && !addresses.isInAddress(start, end)) {
      i = end;
      // `top5` may be a number after a word; a word may end in 0 by disguise alone.
      if (!endsInNumber(text, start, end)) evident = true;
      found.push([start, i, readWord(text, start, end, known)]);
      continue;
    }
    if (signFirst && text.charCodeAt(start) !== DOLLAR) continue;
    while (i < text.length && (isWordAt(text, i) || isInnerSign(text, start, i))) i++;
    const ending = endingAt(text, start, i);
    if (ending !== undefined || (isLeet(text, start, i) && !addresses.isInAddress(start, i))) {
      evident = true;
      found.push([start, i, ending ?? readWord(text, start, i)]);
    } else if (isLikelyLeet(text, start, end) && !addresses.isInAddress(start, end)) {
      i = end;
      found.push([start, end, '']);
    }
  }
  if (!evident) return 0;
  // One that is sure speaks for those that are only likely.
  for (const [start, end, word] of found)
    edits.replace(start, end, word === '' ? readWord(text, start, end) : word);
  return LEET;
}

/** Behind `c0m`, `inf0`. */
const LONGEST_ENDING = 4;

/** The ending of a domain that [start, end) is, after a full stop. */
function endingAt(text: string, start: number, end: number): string | undefined {
  if (end - start > LONGEST_ENDING || text.charCodeAt(start - 1) !== 46) return undefined;
  return endings.get(text.slice(start, end).toLowerCase());
}

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
    if (letters && digits) return start;
  }
  return isSignAt(text, i) ? start : i;
}

/** The end of what begins at `start` and may be one word, signs inside among its letters. */
function endOfLeet(text: string, start: number): number {
  let end = start;
  while (end < text.length && end - start <= MAX_WORD && (isWordAt(text, end) || isSignAt(text, end))) end++;
  // A sign at the end is one of its own.
  while (end > start && isSignAt(text, end - 1)) end--;
  return end;
}

/** `$` between letters; `@` after one or two consonants, since `me@home` is written by right. */
function isInnerSign(text: string, start: number, i: number): boolean {
  const sign = text.charCodeAt(i);
  if (sign !== AT && sign !== DOLLAR) return false;
  if (!isWordAt(text, i - 1) || !isLetterAt(text, i + 1)) return false;
  if (sign === DOLLAR) return true;
  return i - start <= 2 && isConsonant(text, start) && (i - start === 1 || isConsonant(text, start + 1));
}
