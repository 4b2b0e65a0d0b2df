import { type CharacterScan, MAX_LENGTH } from './character-scan.ts';
import { Edits, type Trace } from './edits.ts';
import { readEscapes } from './escapes.ts';
import { leaveOutMiddle } from './fit-length.ts';
import { readHiddenLinks } from './hidden-links.ts';
import {
  HINT_CONTROL,
  HINT_FOLDED,
  HINT_HIDDEN_LINK,
  HINT_LEET,
  HINT_LETTERS,
  HINT_MARKED,
  HINT_REARRANGED,
  HINT_WIDE,
  HINT_WORDS,
} from './hints.ts';
import { readLeet } from './leet.ts';
import { foldLookAlikes } from './look-alikes.ts';
import { readMarkup } from './markup.ts';
import { plainCharacters } from './plain-characters.ts';
import { readWords } from './read-words.ts';
import { rearrange } from './rearrange.ts';
import { joinLetters } from './spaced-letters.ts';
import { readVertical } from './vertical-text.ts';
import { type Work, workFor } from './work.ts';

export interface Deobfuscated {
  readonly text: string;
  /** Bits, see obfuscation.ts. */
  readonly undone: number;
  /** Something was cut off because it became longer than what is read of a text. */
  readonly isTruncated: boolean;
  /** Not all was undone that may have been: the work for a text is limited. */
  readonly isExhausted: boolean;
  /** Where each code unit comes from, if that was asked for. */
  readonly trace: Trace | null;
}

/** Each round takes time proportional to the length; two do for nearly all that is sent. */
const MAX_ROUNDS = 6;

/** `scan` holds the text. */
type Stage = (text: string, edits: Edits, work: Work, scan: CharacterScan) => number;

/** Of direction, blanks and regional indicators. */
const MAX_REARRANGED = 4;

const SHORT_TEXT = 2_000;

/**
 * One character may become eighteen, and all that follows takes time by what has become of them: of what is longer than this, the middle is
 * left out.
 */
function longestOf(given: string): number {
  return Math.min(MAX_LENGTH, SHORT_TEXT + 2 * given.length);
}

/**
 * What is escaped, marked up or written in another script is written out first, then letters make words, and digits in words become
 * letters. Each is only needed where its hint is given; what one brings to light, another reads in the next round.
 */
const stages = [
  { hint: HINT_MARKED, units: 2, stage: readEscapes },
  { hint: HINT_MARKED, units: 2, stage: readMarkup },
  { hint: HINT_FOLDED, units: 2, stage: foldLookAlikes },
  { hint: HINT_LETTERS, units: 2, stage: readVertical },
  { hint: HINT_LETTERS, units: 3, stage: joinLetters },
  { hint: HINT_LEET, units: 2, stage: readLeet },
  { hint: HINT_HIDDEN_LINK, units: 2, stage: readHiddenLinks },
  { hint: HINT_WORDS, units: 2, stage: readWords },
] as const satisfies readonly {
  readonly hint: number;
  /** What a pass costs for each code unit, reading what it left included; see work.ts. */
  readonly units: number;
  readonly stage: Stage;
}[];
const HINTS_OF_STAGES = HINT_MARKED | HINT_LETTERS | HINT_LEET | HINT_FOLDED | HINT_HIDDEN_LINK | HINT_WORDS;

/** Words are only listed where nothing else is left to undo. */
function mayHideMore(scan: CharacterScan): boolean {
  if ((scan.hints & HINTS_OF_STAGES & ~HINT_WORDS) !== 0) return true;
  scan.listWords();
  return (scan.hints & HINT_WORDS) !== 0;
}

/** At most `most` code units, without half a surrogate pair at the end. */
export function cutToLength(text: string, most: number = MAX_LENGTH): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most);
}

/**
 * Undoes obfuscation of a text of at most MAX_LENGTH code units. `scan` holds that text, and holds the answer's afterwards.
 * `isPlain`: its characters are as the first stage leaves them. Time is proportional to the length; the rounds together end where
 * `work` does, and what is left then stays as it is.
 */
export function deobfuscate(
  given: string,
  scan: CharacterScan,
  trace: Trace | null = null,
  isPlain = false,
  work: Work = workFor(given, (scan.hints & HINT_WIDE) !== 0),
): Deobfuscated {
  let text = given;
  let traced = trace;
  let undone = 0;
  let isTruncated = false;
  const most = longestOf(given);
  /** Counts the texts, so that no stage looks at the same one twice. */
  let version = 0;
  const run = (stage: Stage): boolean => {
    const edits = new Edits();
    undone |= stage(text, edits, work, scan);
    if (edits.size === 0) return false;
    take(edits);
    scan.load(text, text.toLowerCase());
    version++;
    return true;
  };
  const take = (edits: Edits) => {
    text = edits.apply(text);
    if (traced !== null) traced = edits.follow(traced);
    if (text.length <= most) return;
    const rest = new Edits();
    leaveOutMiddle(text, rest, most);
    isTruncated = true;
    text = rest.apply(text);
    if (traced !== null) traced = rest.follow(traced);
  };
  const readCharacters = () => {
    // Direction, blanks and indicators each may hide another.
    const isRearranged = (scan.hints & (HINT_REARRANGED | HINT_CONTROL)) !== 0;
    for (let round = 0; round < MAX_REARRANGED && isRearranged; round++) {
      const edits = new Edits();
      undone |= rearrange(text, edits);
      if (edits.size === 0) break;
      take(edits);
      version++;
    }
    const edits = new Edits();
    const read = plainCharacters(text, edits, most);
    undone |= read.undone;
    isTruncated ||= read.isTruncated;
    if (edits.size > 0) {
      take(edits);
      version++;
    }
    scan.load(text, text.toLowerCase());
  };
  if ((scan.hints & (HINT_WIDE | HINT_CONTROL)) !== 0) {
    if (isPlain) scan.load(text, text.toLowerCase());
    else readCharacters();
    // A sign of direction that is left out may uncover what it stood beside.
    for (let round = 0; round < MAX_REARRANGED && (scan.hints & HINT_REARRANGED) !== 0; round++) {
      const before = version;
      readCharacters();
      if (version === before) break;
    }
  }
  // What was undone may bring another obfuscation to light.
  const readVersions = new Int32Array(stages.length).fill(-1);
  let changed = true;
  for (let round = 0; round < MAX_ROUNDS && changed && mayHideMore(scan); round++) {
    changed = false;
    for (let at = 0; at < stages.length; at++) {
      const { hint, units, stage } = stages[at]!;
      // Words are read once nothing else hides their letters.
      if (hint === HINT_WORDS) {
        if (changed) continue;
        scan.listWords();
      }
      if ((scan.hints & hint) === 0 || readVersions[at] === version) continue;
      if (!work.spend(text.length * units)) break;
      readVersions[at] = version;
      if (!run(stage)) continue;
      changed = true;
      // What was escaped may be any character.
      if (stage === readEscapes && (scan.hints & (HINT_WIDE | HINT_CONTROL)) !== 0) readCharacters();
    }
    if (work.isExhausted) break;
  }
  // The last round brought something to light as well.
  if (changed && mayHideMore(scan)) work.giveUp();
  scan.listWords();
  return { text, undone, isTruncated, isExhausted: work.isExhausted, trace: traced };
}
