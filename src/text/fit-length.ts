import { kindOf, SPACE } from './character-kinds.ts';
import { MAX_LENGTH } from './character-scan.ts';
import type { Edits } from './edits.ts';
import { ClusterWalk } from './plain-characters.ts';

/** A longer text is not even looked at behind this; far more than the largest message of the default settings. */
export const MAX_LOOKED_AT = 5 * MAX_LENGTH;
/** Of white space in a row only this much counts. */
const LONGEST_GAP = 8;

/**
 * Makes room in a text that is longer than what is read of one: what can't be seen and long gaps are taken out, the rest is cut off.
 * Without it, twenty thousand invisible characters would hide what follows them. Returns the bits of what was undone, and whether
 * something that can be seen was cut off. The text is then as `plainCharacters` leaves it. `text` has at most MAX_LOOKED_AT
 * code units. Time is proportional to the length.
 */
export function fitLength(
  text: string,
  edits: Edits,
): { readonly undone: number; readonly isTruncated: boolean } {
  const walk = new ClusterWalk(text);
  let size = 0;
  let gap = 0;
  /** Where what is left out begins; -1 where the character before is kept. */
  let leftOut = -1;
  for (let start = 0, end = 0; start < text.length; start = end) {
    const next = walk.read(start);
    end = next > 0 ? next : start + 1;
    const plain = next > 0 ? walk.plain : text[start]!;
    const isGap = isBlank(plain);
    if (!isGap && size + plain.length > MAX_LENGTH) {
      edits.replace(leftOut < 0 ? start : leftOut, text.length, '');
      return { undone: walk.undone, isTruncated: true };
    }
    if (plain !== '') gap = isGap ? gap + plain.length : 0;
    if (plain === '' || gap > LONGEST_GAP || size + plain.length > MAX_LENGTH) {
      if (leftOut < 0) leftOut = start;
      continue;
    }
    if (leftOut >= 0) edits.replace(leftOut, start, '');
    leftOut = -1;
    size += plain.length;
    if (plain.length !== end - start || !text.startsWith(plain, start)) edits.replace(start, end, plain);
  }
  if (leftOut >= 0) edits.replace(leftOut, text.length, '');
  return { undone: walk.undone, isTruncated: false };
}

/** White space, or nothing. */
function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (kindOf(text.charCodeAt(i)) !== SPACE) return false;
  return true;
}
