import { kindOf, SPACE } from './character-kinds.ts';
import { disguiseBit } from './disguise.ts';
import { Edits } from './edits.ts';
import { isKnownWord } from './known-words.ts';
import { latinLookAlike } from './look-alike-table.ts';

const INVISIBLE = disguiseBit('invisible');
const CONTROL = disguiseBit('control');
const REVERSED = disguiseBit('reversed');
const STYLED = disguiseBit('styled');

/** Blanks that are no white space to anyone but the reader, control characters, right-to-left override, regional indicators. */
const special =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0001-\u0008\u000e-\u001f\u007f\u0142\u02d9\u115f\u1160\u202e\u3164\uffa0]|\ud83c[\udde6-\uddff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const blank = /[\u0001-\u0008\u000e-\u001f\u007f\u115f\u1160\u3164\uffa0]/;
const blanks = new RegExp(`${blank.source}+`, 'g');

/** Whether `rearrange` may have something to do. */
export function mayBeRearranged(text: string): boolean {
  return special.test(text);
}

/** What is looked at as one piece is at most this long. */
const LONGEST_PIECE = 4_000;
const OVERRIDE = 0x202e;
/** Of letters in known words, in all and for so many code units that are reversed. */
const LEAST_GAIN = 2;
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
    while (end < text.length && end - start < LONGEST_PIECE && !endsOverride(text.charCodeAt(end))) end++;
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
  if (gain < LEAST_GAIN || gain * MOST_OTHERS < units) return 0;
  edits.addAll(reversal);
  return REVERSED;
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
  let known = 0;
  const plain = text
    .normalize('NFKC')
    .replace(/[\p{Cf}\p{M}\0]+/gu, '')
    .replace(/[^\0-\u024f]/g, latinLookAlike);
  for (const [word] of plain.toLowerCase().matchAll(/\p{L}+/gu))
    if (word.length > 1 && isKnownWord(word)) known += word.length;
  for (const [mark] of plain.matchAll(/https?:\/\/|www\.|[a-z\d]\.(?:com|net|org|de)(?![a-z\d])/gi))
    known += mark.length;
  return known;
}

/**
 * `win\u3164a\u3164prize`. Within a word, where a known one comes of what they part, and in texts that have white space besides, they are
 * dropped.
 */
function partAtBlanks(text: string, edits: Edits): number {
  if (!blank.test(text)) return 0;
  let undone = 0;
  const hasSpaces = /\S\s+\S/.test(text);
  for (let i = 0; i < text.length; ) {
    if (kindOf(text.charCodeAt(i)) === SPACE) {
      i++;
      continue;
    }
    const start = i;
    while (i < text.length && i - start < LONGEST_PIECE && kindOf(text.charCodeAt(i)) !== SPACE) i++;
    const token = text.slice(start, i);
    if (!blank.test(token)) continue;
    const code = token.charCodeAt(token.search(blank));
    undone |= code < 0x100 ? CONTROL : INVISIBLE;
    const parted = areParted(token, hasSpaces);
    for (const { index, 0: found } of token.matchAll(blanks))
      edits.replace(start + index, start + index + found.length, parted ? ' ' : '');
  }
  return undone;
}

function areParted(token: string, hasSpaces: boolean): boolean {
  const pieces = token.split(blanks).filter((piece) => piece !== '');
  if (
    isKnownWord(
      pieces
        .join('')
        .toLowerCase()
        .replace(/[^\p{L}]+$/u, ''),
    )
  )
    return false;
  let letters = 0;
  let known = 0;
  for (const piece of pieces) {
    letters += piece.length;
    const word = piece.toLowerCase().replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
    if (word.length > 1 && isKnownWord(word)) known += piece.length;
  }
  if (known * 2 >= letters) return true;
  return !hasSpaces && letters >= 2.5 * pieces.length;
}

const indicator = '\ud83c[\udde6-\uddff]';
const run = new RegExp(`(?:${indicator})(?:[\\s\u200b-\u200d\u2060\u00ad\ufeff]{0,3}${indicator})*`, 'g');
const joints = new RegExp(`(?<=${indicator})[\u200b-\u200d\u2060\u00ad\ufeff]+(?=${indicator})`, 'g');

const thinJoints = new RegExp(
  `(?<=${indicator})[\u200b-\u200d\u2060\u00ad\ufeff\u2000-\u200a\u202f\u205f]+(?=${indicator})`,
  'g',
);

/** Two regional indicators side by side are a flag; letters are kept from being one, or are odd in number. */
function readIndicators(text: string, edits: Edits): number {
  const runs = [...text.matchAll(run)];
  if (!runs.some(({ 0: found }) => areLetters(found))) return 0;
  const hasPlainSpaces = text.includes(' ');
  for (const { index, 0: found } of runs) {
    // Spaces of two widths: the thinner one stands within words.
    const thin = hasPlainSpaces ? thinJoints : joints;
    const joined = new Set(
      [...found.matchAll(thin)].flatMap(({ index: at, 0: joint }) => [...joint].map((_, k) => at + k)),
    );
    for (let at = 0; at < found.length; at++) {
      if (found.charCodeAt(at) === 0xd83c) {
        const letter = String.fromCharCode(65 + found.charCodeAt(at + 1) - 0xdde6);
        edits.replace(index + at, index + at + 2, letter);
        at++;
      } else if (joined.has(at)) edits.replace(index + at, index + at + 1, '');
    }
  }
  return STYLED;
}

function areLetters(found: string): boolean {
  if (/[\u200b-\u200d\u2060\u00ad\ufeff]/.test(found)) return true;
  const pieces = found.split(/\s+/);
  if (pieces.some((piece) => piece.length % 4 !== 0)) return true;
  return pieces.some((piece) => piece.length >= 16 && isKnownWord(lettersOf(piece)));
}

function lettersOf(piece: string): string {
  let letters = '';
  for (let at = 1; at < piece.length; at += 2)
    letters += String.fromCharCode(97 + piece.charCodeAt(at) - 0xdde6);
  return letters;
}
