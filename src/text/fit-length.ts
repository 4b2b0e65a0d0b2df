import { codeAt, isWordKind, kindOf, SPACE } from './character-kinds.ts';
import { MAX_LENGTH } from './character-scan.ts';
import type { Edits } from './edits.ts';
import { ClusterWalk } from './plain-characters.ts';

/** Of a longer text as much is looked at, half of it at either end; far more than the largest message of the default settings. */
export const MAX_LOOKED_AT = 5 * MAX_LENGTH;
/** Of white space in a row only this much counts, and of the same character. */
const LONGEST_GAP = 8;
const LONGEST_REPEAT = 3;
const LONGEST_REPEAT_OF_SIGNS = 1;
/** A space is looked for so far from where a text is to be parted. */
const NEAR = 40;

/**
 * Makes room in a text that is longer than what is read of one: what can't be seen, long gaps and repetitions of one character are taken
 * out. Without it, twenty thousand dots would hide what follows them. Returns the bits of what was undone. The text is then as
 * `plainCharacters` leaves it, and may still be too long. `text` has at most MAX_LOOKED_AT code units. Time is proportional to the length.
 */
export function collapse(text: string, edits: Edits): number {
  const walk = new ClusterWalk(text);
  let gap = 0;
  let last = '';
  let repeated = 0;
  /** Where what is left out begins; -1 where the character before is kept. */
  let leftOut = -1;
  for (let start = 0, end = 0; start < text.length; start = end) {
    const next = walk.read(start);
    end = next > 0 ? next : start + 1;
    if (next === 0 && isHigh(text, start)) end = start + 2;
    const plain = next > 0 ? walk.plain : text.slice(start, end);
    if (plain !== '') {
      gap = isBlank(plain) ? gap + plain.length : 0;
      repeated = plain === last ? repeated + 1 : 0;
      last = plain;
    }
    if (plain === '' || gap > LONGEST_GAP || (gap === 0 && repeated >= mostRepeated(plain))) {
      if (leftOut < 0) leftOut = start;
      continue;
    }
    if (leftOut >= 0) edits.replace(leftOut, start, '');
    leftOut = -1;
    if (plain.length !== end - start || !text.startsWith(plain, start)) edits.replace(start, end, plain);
  }
  if (leftOut >= 0) edits.replace(leftOut, text.length, '');
  return walk.undone;
}

/** Leaves out the middle of a text of more than `most` code units, so that its beginning and its end stay, and a line break between them. */
export function leaveOutMiddle(text: string, edits: Edits, most: number): void {
  const half = (most - 1) >> 1;
  const from = nearSpace(text, half, -1);
  const to = nearSpace(text, text.length - half, 1);
  edits.replace(from, to, '\n');
}

/** `at`, or the next place that way where a word ends; never between the halves of a pair. */
function nearSpace(text: string, at: number, step: 1 | -1): number {
  for (let i = at; Math.abs(i - at) < NEAR; i += step) if (kindOf(text.charCodeAt(i)) === SPACE) return i;
  return isHigh(text, at - 1) ? at + step : at;
}

function mostRepeated(plain: string): number {
  return isWordKind(kindOf(plain.charCodeAt(0))) ? LONGEST_REPEAT : LONGEST_REPEAT_OF_SIGNS;
}

function isHigh(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  const low = codeAt(text, i + 1);
  return code >= 0xd800 && code <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}

/** White space, or nothing. */
function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (kindOf(text.charCodeAt(i)) !== SPACE) return false;
  return true;
}
