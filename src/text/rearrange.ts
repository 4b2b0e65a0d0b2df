import { codeAt, isWordKind, kindOf, SPACE } from './character-kinds.ts';
import { DROP, FILL, MARK, roleOf } from './character-roles.ts';
import { Edits } from './edits.ts';
import { knownLettersOf } from './known-letters.ts';
import { isKnownWord, LONGEST_KNOWN_WORD } from './known-words.ts';
import { obfuscationBit } from './obfuscation.ts';

const INVISIBLE = obfuscationBit('invisible');
const CONTROL = obfuscationBit('control');
const REVERSED = obfuscationBit('reversed');
const STYLED = obfuscationBit('styled');

/** What is looked at as one piece is at most this long. */
const LONGEST_PIECE = 4_000;
const OVERRIDE = 0x202e;
/** Regional indicators side by side that are a word and not several flags. */
const FEWEST_OF_WORD = 4;
/** Of letters in known words, in all and for so many code units that are reversed. */
const LEAST_GAIN = 3;
const MOST_OTHERS = 5;

/**
 * Before characters are written in one way: text that an override of direction reverses is put the right way round, blanks that are no white
 * space part words or are dropped from within them, and regional indicators that are no flags become letters.
 */
export function rearrange(text: string, edits: Edits): number {
  const hasOverride = text.includes('\u202e');
  let undone = hasOverride ? reverse(text, edits) : 0;
  // One after the other, since each may stand within another.
  if (edits.size === 0) undone |= partAtBlanks(text, edits);
  if (edits.size === 0) undone |= readIndicators(text, edits);
  if (edits.size === 0) readBeforeFolding(text, edits);
  return undone;
}

/**
 * What would be lost when characters are written in one way: the full stop of a text that is upside down, which is a modifier sign (see
 * upside-down.ts), and the letter that stands for an I among currency signs.
 */
function readBeforeFolding(text: string, edits: Edits): void {
  if (/[₳฿₵₣₲₭₥₦₱₴₮₩][\s\S]{0,40}[₳฿₵₣₲₭₥₦₱₴₮₩]/.test(text) && text.includes('\u0142')) {
    for (const { index } of text.matchAll(/\u0142/g)) edits.replace(index, index + 1, 'I');
    return;
  }
  if (!text.includes('\u02d9') || !/[ɐɔǝɟɥᴉɯɹʇʌʍʎ][\s\S]{0,200}[ɐɔǝɟɥᴉɯɹʇʌʍʎ]/.test(text)) return;
  for (const { index } of text.matchAll(/\u02d9/g)) edits.replace(index, index + 1, '.');
}

/** A piece behind an override, without it and without what ends it. */
interface Piece {
  readonly start: number;
  readonly end: number;
}

/** What an override holds is reversed where more known words come of all that than there are without. */
function reverse(text: string, edits: Edits): number {
  const pieces: Piece[] = [];
  for (let at = text.indexOf('\u202e'); at >= 0; at = text.indexOf('\u202e', at)) {
    const start = at + 1;
    let end = start;
    while (end < text.length && end - start < LONGEST_PIECE && !endsOverride(codeAt(text, end))) end++;
    if (end - start > 1) pieces.push({ start, end });
    at = end;
  }
  if (pieces.length === 0) return 0;
  const reversal = new Edits();
  for (const { start, end } of pieces) {
    const from: number[] = [];
    let reversed = '';
    for (let i = end - 1; i >= start; i--) {
      // What stands on a letter stays behind it, and pairs stay pairs.
      let first = i;
      while (first > start && hangs(text, first)) first--;
      reversed += text.slice(first, i + 1);
      for (let unit = first; unit <= i; unit++) from.push(unit);
      i = first;
    }
    reversal.replaceEach(start, end, reversed, from);
  }
  const gain = knownLetters(reversal.apply(text)) - knownLetters(text);
  const units = pieces.reduce((sum, { start, end }) => sum + end - start, 0);
  // Where words begin and end with it, only a reading that is better without it speaks against it.
  const isMeant = pieces.every((piece) => areWords(text, piece));
  if (isMeant ? gain < 0 : gain < LEAST_GAIN || gain * MOST_OTHERS < units) return 0;
  edits.addAll(reversal);
  return REVERSED;
}

/** Whether the override stands before a word and its end behind one, and what it holds is not written from right to left by right. */
function areWords(text: string, { start, end }: Piece): boolean {
  const before = start > 1 ? kindOf(codeAt(text, start - 2)) : SPACE;
  if (before !== SPACE || isWordKind(kindOf(end + 1 < text.length ? codeAt(text, end + 1) : 32)))
    return false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if ((code >= 0x590 && code < 0x900) || (code >= 0xfb1d && code < 0xfeff)) return false;
  }
  return true;
}

/** The end of the line and every sign that sets a direction. */
function endsOverride(code: number): boolean {
  return code === 10 || code === 13 || (code >= 0x202a && code <= OVERRIDE) || code === 0x2029;
}

function hangs(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  if (code < 0x300) return false;
  return (code >= 0xdc00 && code <= 0xdfff) || /\p{M}/u.test(text[i]!);
}

function knownLetters(text: string): number {
  const plain = withoutDropped(text.normalize('NFKC'));
  let { known } = knownLettersOf(plain);
  for (const mark of LINK_MARKS)
    for (let at = plain.indexOf(mark); at >= 0; at = plain.indexOf(mark, at + 1)) known += mark.length;
  return known;
}

function withoutDropped(text: string): string {
  let kept = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isDropped(text.charCodeAt(i))) continue;
    kept += text.slice(from, i);
    from = i + 1;
  }
  return kept + text.slice(from);
}

/** What marks a link, whatever its words are. */
const LINK_MARKS = ['http', 'www.', '.com', '.net', '.org', '.de/'];

/** Marks, and what can't be seen. */
function isDropped(code: number): boolean {
  const role = roleOf(code);
  return role === DROP || role === MARK || role === FILL;
}

/**
 * `win\\u3164a\\u3164prize`. Within a word, where a known one comes of what they part, and in texts that have white space besides, they are
 * dropped.
 */
function partAtBlanks(text: string, edits: Edits): number {
  let undone = 0;
  let hasSpaces: boolean | null = null;
  let start = 0;
  /** Where blanks stand in the token that is read. */
  let found: number[] = [];
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 32;
    if (isBlank(code)) {
      found.push(i);
      undone |= code < 0x100 ? CONTROL : INVISIBLE;
    }
    if (kindOf(code) !== SPACE && i - start < LONGEST_PIECE) continue;
    if (found.length > 0) {
      hasSpaces ??= /\S\s+\S/.test(text);
      const parted = areParted(text, start, i, found, hasSpaces);
      for (const [k, at] of found.entries())
        edits.replace(at, at + 1, parted && found[k - 1] !== at - 1 ? ' ' : '');
      found = [];
    }
    start = i + 1;
  }
  return undone;
}

/** NUL is only ever dropped. */
function isBlank(code: number): boolean {
  if (code < 0x80) return (code > 0 && code < 9) || (code > 13 && code < 32) || code === 127;
  return code === 0x3164 || code === 0x1160 || code === 0x115f || code === 0xffa0;
}

/** Whether the blanks at `found` part the words of [start, end). */
function areParted(
  text: string,
  start: number,
  end: number,
  found: readonly number[],
  hasSpaces: boolean,
): boolean {
  const pieces: string[] = [];
  let from = start;
  for (const at of [...found, end]) {
    if (at > from) pieces.push(text.slice(from, at));
    from = at + 1;
  }
  const whole = lettersOf(pieces.join(''));
  if (isKnownWord(whole)) return false;
  let letters = 0;
  let known = 0;
  for (const piece of pieces) {
    letters += piece.length;
    const word = piece.length > LONGEST_KNOWN_WORD + 4 ? '' : lettersOf(piece);
    if (word.length > 1 && isKnownWord(word)) known += piece.length;
  }
  if (known * 2 >= letters) return true;
  return !hasSpaces && letters >= 2.5 * pieces.length;
}

/** In lower case, without the signs at either end. */
function lettersOf(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && !isWordKind(kindOf(codeAt(text, from)))) from++;
  while (to > from && !isWordKind(kindOf(codeAt(text, to - 1)))) to--;
  return text.slice(from, to).toLowerCase();
}

/** Spaces that are thinner than those between words. */
const THIN = /[\u2000-\u200a\u202f\u205f]/;
const INVISIBLES = '\u200b\u200c\u200d\u2060\u00ad\ufeff';
const MOST_BETWEEN = 3;

/** Regional indicators one after the other, with at most a few invisible characters or spaces between. */
interface Run {
  /** Where each begins. */
  readonly places: number[];
  /** How many stand side by side, each time. */
  readonly sizes: number[];
  /** Invisible characters keep some of them from being a flag. */
  isParted: boolean;
}

/** Two regional indicators side by side are a flag; letters are kept from being one, or are odd in number. */
function readIndicators(text: string, edits: Edits): number {
  const runs = findRuns(text);
  if (!runs.some((run) => areLetters(text, run))) return 0;
  const hasPlainSpaces = text.includes(' ');
  for (const { places } of runs)
    for (const [k, at] of places.entries()) {
      edits.replace(at, at + 2, String.fromCharCode(65 + codeAt(text, at + 1) - 0xdde6));
      const next = places[k + 1];
      if (next === undefined || next === at + 2) continue;
      const between = text.slice(at + 2, next);
      // Spaces of two widths: the thinner one stands within words.
      const kept = [...between].filter(
        (sign) => !INVISIBLES.includes(sign) && !(hasPlainSpaces && THIN.test(sign)),
      );
      edits.replace(at + 2, next, kept.join(''));
    }
  return STYLED;
}

function findRuns(text: string): readonly Run[] {
  const runs: Run[] = [];
  let run: Run | null = null;
  for (let i = 0; i < text.length; i++) {
    if (!isIndicator(text, i)) continue;
    const last: number | undefined = run?.places.at(-1);
    const isNext = last !== undefined && i - last - 2 <= MOST_BETWEEN && areSkipped(text, last + 2, i);
    if (run === null || !isNext) {
      run = { places: [], sizes: [0], isParted: false };
      runs.push(run);
    } else if (i > last! + 2) {
      run.sizes.push(0);
      for (let at = last! + 2; at < i; at++) if (INVISIBLES.includes(text[at]!)) run.isParted = true;
    }
    run.places.push(i);
    run.sizes[run.sizes.length - 1]!++;
    i++;
  }
  return runs;
}

function isIndicator(text: string, i: number): boolean {
  if (text.charCodeAt(i) !== 0xd83c) return false;
  const low = codeAt(text, i + 1);
  return low >= 0xdde6 && low <= 0xddff;
}

function areSkipped(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++)
    if (kindOf(codeAt(text, at)) !== SPACE && !INVISIBLES.includes(text[at]!)) return false;
  return true;
}

function areLetters(text: string, { places, sizes, isParted }: Run): boolean {
  if (isParted || sizes.some((size) => size % 2 === 1)) return true;
  let from = 0;
  for (const size of sizes) {
    if (size >= FEWEST_OF_WORD && size <= LONGEST_KNOWN_WORD) {
      const letters = places.slice(from, from + size).map((at) => 97 + codeAt(text, at + 1) - 0xdde6);
      if (isKnownWord(String.fromCharCode(...letters))) return true;
    }
    from += size;
  }
  return false;
}
