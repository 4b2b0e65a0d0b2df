import { AddressScan } from './address-scan.ts';
import type { Edits } from './edits.ts';
import { isConsonant, LETTER, LeetText, SIGN, WORD } from './leet-characters.ts';
import { endsInNumber, isLeet, isLikelyLeet, knownLeet, MAX_WORD, readWord } from './leet-words.ts';
import { obfuscationBit } from './obfuscation.ts';
import { Work, workOf } from './work.ts';

const LEET = obfuscationBit('leet');

/** Endings of domains with a digit in them; other names of domains keep their digits. */
const endings: ReadonlyMap<string, string> = new Map([
  ['c0m', 'com'],
  ['n3t', 'net'],
  ['0rg', 'org'],
  ['inf0', 'info'],
]);

/** Words found, each with what it is read as; the empty string for one that is only likely. */
type Found = readonly [start: number, end: number, word: string];

const scanned = new LeetText();

/**
 * Reads digits and signs inside words as the letters that they stand for: `m0ney`, `v1agra`, `ca$h`, `fr33`, `0ffer`; at the edge of
 * a word, and where several letters may be meant, if a known word comes of it: `7hank`, `f@ncy`, `a1l`. `gr8`, `b4u`, `mp3`, `18s`,
 * `1st`, `50p` and `2nite` stay; so does what is part of an address. Ends where `work` does.
 */
export function readLeet(text: string, edits: Edits, work: Work = new Work()): number {
  const found: Found[] = [];
  const addresses = new AddressScan(text);
  scanned.load(text);
  const { facts, codes, length } = scanned;
  let evident = false;
  let i = 0;
  while (i < length) {
    if ((facts[i]! & (WORD | SIGN)) === 0) {
      i++;
      continue;
    }
    const plainEnd = endOfPlainWord(facts, i);
    if (plainEnd > i) {
      i = plainEnd;
      continue;
    }
    const signFirst =
      (facts[i]! & SIGN) !== 0 &&
      (facts[i + 1]! & LETTER) !== 0 &&
      (facts[i + 2]! & (WORD | SIGN)) !== 0 &&
      !(i > 0 && (facts[i - 1]! & WORD) !== 0);
    if (!signFirst && (facts[i]! & WORD) === 0) {
      i++;
      continue;
    }
    if (!work.spend(workOf.leetWord)) break;
    const start = i++;
    const end = endOfLeet(facts, start);
    const known = knownLeet(scanned, start, end);
    if (known >= 0 && !addresses.isInAddress(start, end)) {
      i = end;
      // `top5` may be a number after a word; a word may end in 0 by obfuscation alone.
      if (!endsInNumber(scanned, start, end)) evident = true;
      found.push([start, i, readWord(scanned, start, end, known)]);
      continue;
    }
    if (signFirst && codes[start] !== DOLLAR) continue;
    while ((facts[i]! & WORD) !== 0 || isInnerSign(scanned, start, i)) i++;
    const ending = endingAt(scanned, start, i);
    if (ending !== undefined || (isLeet(scanned, start, i) && !addresses.isInAddress(start, i))) {
      evident = true;
      found.push([start, i, ending ?? readWord(scanned, start, i)]);
    } else if (isLikelyLeet(scanned, start, end) && !addresses.isInAddress(start, end)) {
      i = end;
      found.push([start, end, '']);
    }
  }
  if (!evident) return 0;
  // One that is sure speaks for those that are only likely.
  for (const [start, end, word] of found)
    edits.replace(start, end, word === '' ? readWord(scanned, start, end) : word);
  return LEET;
}

const DOLLAR = 36;
const AT = 64;
const STOP = 46;
/** As `info` has. */
const LONGEST_ENDING = 4;

/** The ending of a domain that [start, end) is, after a full stop. */
function endingAt(word: LeetText, start: number, end: number): string | undefined {
  if (end - start > LONGEST_ENDING || start === 0 || word.codes[start - 1] !== STOP) return undefined;
  return endings.get(word.slice(start, end));
}

/** The end of a word of letters or of digits alone, without a sign after it, which stands for nothing else; `start` where there is none. */
function endOfPlainWord(facts: Uint8Array, start: number): number {
  let seen = 0;
  let i = start;
  for (; (facts[i]! & WORD) !== 0; i++) {
    seen |= (facts[i]! & LETTER) !== 0 ? LETTER : WORD;
    if (seen === (LETTER | WORD)) return start;
  }
  return (facts[i]! & SIGN) !== 0 ? start : i;
}

/** The end of what begins at `start` and may be one word, signs inside among its letters. */
function endOfLeet(facts: Uint8Array, start: number): number {
  let end = start;
  while (end - start <= MAX_WORD && (facts[end]! & (WORD | SIGN)) !== 0) end++;
  // A sign at the end is one of its own.
  while (end > start && (facts[end - 1]! & SIGN) !== 0) end--;
  return end;
}

/** `$` between letters; `@` after one or two consonants, since `me@home` is written by right. */
function isInnerSign(word: LeetText, start: number, i: number): boolean {
  const { facts, codes } = word;
  const sign = codes[i];
  if (sign !== AT && sign !== DOLLAR) return false;
  if ((facts[i - 1]! & WORD) === 0 || (facts[i + 1]! & LETTER) === 0) return false;
  if (sign === DOLLAR) return true;
  return i - start <= 2 && isConsonant(word, start) && (i - start === 1 || isConsonant(word, start + 1));
}
