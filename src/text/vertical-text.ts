import { codeAt, isLetterKind, isWordKind, kindOf, SPACE } from './character-kinds.ts';
import type { Edits } from './edits.ts';
import { isKnownWord } from './known-words.ts';
import { latinLookAlike } from './look-alike-table.ts';
import { obfuscationBit } from './obfuscation.ts';
import { splitWords } from './split-words.ts';
import { Work, workOf } from './work.ts';

const SPACED = obfuscationBit('spaced');
/** Fewer lines of one character in a row are a list. */
const FEWEST_LINES = 4;
/** So many are a word though it is not known. */
const FEWEST_OF_UNKNOWN = 8;
/** As `splitWords` takes them. */
const LONGEST_JOINED = 400;

/** A line of one character, blank ones being none. */
interface Line {
  readonly start: number;
  readonly end: number;
  /** A line without a character stands before it. */
  readonly isAfterGap: boolean;
}

/**
 * Writes text that stands one character on each line in lines: an empty line parts words; where there is none, known words do. Where known
 * words don't come of it, it is a list and stays.
 */
export function readVertical(text: string, edits: Edits, work: Work = new Work()): number {
  let undone = 0;
  let lines: Line[] = [];
  let gap = false;
  const close = () => {
    if (lines.length >= FEWEST_LINES && work.spend(lines.length * workOf.verticalLine))
      undone |= join(text, lines, edits);
    lines = [];
  };
  for (let start = 0; start <= text.length; ) {
    let end = text.indexOf('\n', start);
    if (end < 0) end = text.length;
    const line = characterOn(text, start, end, gap);
    if (line === undefined) close();
    else if (line !== null) lines.push(line);
    gap = line === null;
    start = end + 1;
  }
  close();
  return undone;
}

/** The only character of a line; null where there is none, undefined where there are several. */
function characterOn(text: string, start: number, end: number, isAfterGap: boolean): Line | null | undefined {
  let from = start;
  let to = end;
  while (from < to && kindOf(codeAt(text, from)) === SPACE) from++;
  while (to > from && kindOf(codeAt(text, to - 1)) === SPACE) to--;
  if (from === to) return null;
  const code = codeAt(text, from);
  const size = code >= 0xd800 && code <= 0xdbff ? 2 : 1;
  // A sign may stand behind a letter.
  const isSigned = to - from === 2 && isWordKind(kindOf(code)) && !isWordKind(kindOf(codeAt(text, from + 1)));
  return to - from === size || isSigned ? { start: from, end: to, isAfterGap } : undefined;
}

function join(text: string, lines: readonly Line[], edits: Edits): number {
  const between = lines.slice(1).map(({ isAfterGap }) => (isAfterGap ? ' ' : ''));
  const gaps = between.filter((sign) => sign === ' ').length;
  if (gaps === 0) partAtKnownWords(text, lines, between);
  // Words that are parted by empty lines, and long ones, are no lists.
  const isLong = gaps > 0 ? lines.length >= 3 * (gaps + 1) : lines.length >= FEWEST_OF_UNKNOWN;
  if (!(isLong && !isSequence(text, lines)) && !areKnown(wordsOf(text, lines, between))) return 0;
  for (let k = 0; k + 1 < lines.length; k++) edits.replace(lines[k]!.end, lines[k + 1]!.start, between[k]!);
  return SPACED;
}

/** Each line as long as its neighbors, letters and signs alike. */
function partAtKnownWords(text: string, lines: readonly Line[], between: string[]): void {
  for (let from = 0; from < lines.length; from += LONGEST_JOINED) {
    const part = lines.slice(from, from + LONGEST_JOINED);
    // A sign behind a letter parts words by itself.
    const joined = part.map(({ start }) => text[start]!).join('');
    for (const cut of splitWords(joined)) if (from + cut > 0) between[from + cut - 1] = ' ';
  }
}

/** Digits, or letters of which each is the next of the alphabet: a list. */
function isSequence(text: string, lines: readonly Line[]): boolean {
  let next = 0;
  let letters = 0;
  for (let k = 0; k < lines.length; k++) {
    const code = codeAt(text, lines[k]!.start);
    if (isLetterKind(kindOf(code))) letters++;
    if (k > 0 && Math.abs(code - codeAt(text, lines[k - 1]!.start)) <= 1) next++;
  }
  return letters * 2 < lines.length || next * 2 >= lines.length;
}

function wordsOf(text: string, lines: readonly Line[], between: readonly string[]): readonly string[] {
  return lines
    .map(({ start, end }, k) => text.slice(start, end) + (between[k] ?? ''))
    .join('')
    .split(' ');
}

/** Whether known words come of a third of the letters, of which none stands alone. */
function areKnown(words: readonly string[]): boolean {
  let letters = 0;
  let known = 0;
  for (const word of words) {
    let plain = '';
    for (const character of word)
      if (isLetterKind(kindOf(character.charCodeAt(0)))) plain += latinLookAlike(character).toLowerCase();
    letters += plain.length;
    if (plain.length > 1 && isKnownWord(plain)) known += plain.length;
  }
  return known >= 3 && known * 3 >= letters;
}
