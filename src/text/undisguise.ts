import { type CharacterScan, MAX_LENGTH } from './character-scan.ts';
import { Edits, type Trace } from './edits.ts';
import { readHiddenLinks } from './hidden-links.ts';
import { HINT_CONTROL, HINT_HIDDEN_LINK, HINT_LEET, HINT_LETTERS, HINT_WIDE } from './hints.ts';
import { readLeet } from './leet.ts';
import { foldLookAlikes } from './look-alikes.ts';
import { plainCharacters } from './plain-characters.ts';
import { joinLetters } from './spaced-letters.ts';

export interface Undisguised {
  readonly text: string;
  /** Bits, see disguise.ts. */
  readonly undone: number;
  /** Something was cut off because it became longer than what is read of a text. */
  readonly isTruncated: boolean;
  /** Where each code unit comes from, if that was asked for. */
  readonly trace: Trace | null;
}

/** Each round takes time proportional to the length; two do for nearly all that is sent. */
const MAX_ROUNDS = 6;

type Stage = (text: string, edits: Edits) => number;

/**
 * Letters make words first; digits in words become letters before words that mix scripts are looked for. Each but the
 * last but one is only needed where its hint is given; that one, where there are letters of other scripts.
 */
const stages: readonly (readonly [number, Stage])[] = [
  [HINT_LETTERS, joinLetters],
  [HINT_LEET, readLeet],
  [HINT_WIDE, foldLookAlikes],
  [HINT_HIDDEN_LINK, readHiddenLinks],
];
const HINTS_OF_STAGES = HINT_LETTERS | HINT_LEET | HINT_WIDE | HINT_HIDDEN_LINK;

/** At most `MAX_LENGTH` code units, without half a surrogate pair at the end. */
export function cutToLength(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const last = text.charCodeAt(MAX_LENGTH - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? MAX_LENGTH - 1 : MAX_LENGTH);
}

/**
 * Undoes disguise of a text of at most MAX_LENGTH code units. `scan` holds that text, and holds the answer's afterwards.
 * `isPlain`: its characters are as the first stage leaves them. Time is proportional to the length.
 */
export function undisguise(
  given: string,
  scan: CharacterScan,
  trace: Trace | null = null,
  isPlain = false,
): Undisguised {
  let text = given;
  let traced = trace;
  let undone = 0;
  let isTruncated = false;
  const run = (stage: Stage): boolean => {
    const edits = new Edits();
    undone |= stage(text, edits);
    if (edits.size === 0) return false;
    const whole = edits.apply(text);
    text = cutToLength(whole);
    isTruncated ||= text.length < whole.length;
    if (traced !== null) traced = edits.follow(traced);
    scan.load(text, text.toLowerCase());
    return true;
  };
  if ((scan.hints & (HINT_WIDE | HINT_CONTROL)) !== 0 && (isPlain || !run(plainCharacters)))
    scan.load(text, text.toLowerCase());
  // What was undone may bring another disguise to light.
  for (let round = 0; round < MAX_ROUNDS && (scan.hints & HINTS_OF_STAGES) !== 0; round++) {
    let changed = false;
    for (const [hint, stage] of stages) if ((scan.hints & hint) !== 0) changed = run(stage) || changed;
    if (!changed) break;
  }
  return { text, undone, isTruncated, trace: traced };
}
