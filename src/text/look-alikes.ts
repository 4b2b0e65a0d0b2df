import { codeAt, isLetterKind, isWordKind, kindOf } from './character-kinds.ts';
import type { Edits } from './edits.ts';
import { isKnownWord } from './known-words.ts';
import {
  EAST_ASIAN,
  entryOf,
  GENUINE,
  GROUPS,
  groupOf,
  groupOfEntry,
  HOOKED,
  LATIN,
  letterOf,
  NATURAL,
  OWN,
  RESEMBLES,
  SIGNS,
  STANDS_FOR_LETTER,
  TURNED,
} from './look-alike-table.ts';
import { obfuscationBit } from './obfuscation.ts';
import { readUpsideDown } from './upside-down.ts';
import { Work, workOf } from './work.ts';

const LOOK_ALIKE = obfuscationBit('look-alike');
const STYLED = obfuscationBit('styled');

/** A word with characters that stand for Latin letters, all others being Latin. */
interface Candidate {
  readonly start: number;
  readonly end: number;
  /** Bits of the groups of its characters. */
  readonly groups: number;
  /** Scripts that share no word by right do so in it. */
  readonly isMixed: boolean;
  /** Has letters that only resemble Latin ones, and nothing else speaks against its being genuine. */
  readonly isDoubtful: boolean;
  /** A known word comes of it, of so many letters; 0 where none does. */
  known: number;
}

/** What there is of each group in a text. */
interface GroupCounts {
  readonly words: number[];
  readonly mixed: number[];
  readonly known: number[];
  readonly knownLetters: number[];
  /** Words with a letter that stands for no Latin one. */
  readonly genuine: number[];
  /** Words that are genuine unless known ones come of most of them. */
  doubtful: number;
}

/** No known word is longer. */
const LONGEST_WORD = 24;
const FEWEST_TURNED = 2;
/** Letters of known words that come of characters which may stand beside Latin letters: `ɛyɛ` is Twi. */
const FEWEST_BESIDE_LATIN = 4;
/** Groups whose characters stand beside Latin letters by right. */
const BESIDE_LATIN = (1 << EAST_ASIAN) | (1 << SIGNS) | (1 << HOOKED);

/**
 * Writes characters that stand for Latin letters as these: look-alikes of other scripts, the fonts of text generators, lines that are
 * upside down, and signs that stand for the full stop of a domain. A script is decided on by what is written in it: text that has letters
 * which look like no Latin one is genuine, and of it only words that mix it with Latin letters are folded. Ends where `work` does.
 */
export function foldLookAlikes(text: string, edits: Edits, work: Work = new Work()): number {
  let seen = 0;
  let turned = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 128) continue;
    const entry = entryOf(code);
    seen |= entry;
    if ((entry & TURNED) !== 0) turned++;
  }
  if (turned >= FEWEST_TURNED) {
    const undone = readUpsideDown(text, edits, work);
    if (undone !== 0) return undone;
  }
  return (seen & STANDS_FOR_LETTER) === 0 ? 0 : foldWords(text, edits, work, (seen & GENUINE) !== 0);
}

function foldWords(text: string, edits: Edits, work: Work, isGenuine: boolean): number {
  const counts: GroupCounts = {
    words: new Array<number>(GROUPS).fill(0),
    mixed: new Array<number>(GROUPS).fill(0),
    known: new Array<number>(GROUPS).fill(0),
    knownLetters: new Array<number>(GROUPS).fill(0),
    genuine: new Array<number>(GROUPS).fill(0),
    doubtful: 0,
  };
  const candidates = findCandidates(text, counts, isGenuine);
  if (candidates.length === 0) return 0;
  for (const candidate of candidates) {
    const size = candidate.end - candidate.start;
    if (size > LONGEST_WORD || (candidate.isDoubtful && counts.genuine[NATURAL]! > 0)) continue;
    if (!work.spend(size * 2)) return 0;
    candidate.known = knownLetters(text, candidate);
    countIn(candidate, counts);
  }
  const isDoubtful = !isMostlyKnown(counts);
  if (isDoubtful) counts.genuine[NATURAL]! += counts.doubtful;
  const folded = foldedGroups(counts);
  let undone = 0;
  for (const candidate of candidates) {
    if (
      (candidate.isDoubtful && isDoubtful && ((folded >> NATURAL) & 1) === 0) ||
      !isFolded(candidate, folded)
    )
      continue;
    for (let at = candidate.start; at < candidate.end; at++) {
      const letter = letterOf(entryOf(codeAt(text, at)));
      if (letter === 0) continue;
      if (!work.spend(workOf.lookAlike)) return undone;
      edits.replace(at, at + 1, String.fromCharCode(letter));
    }
    undone |=
      (candidate.groups & ~1) === 0 || (candidate.groups & (1 << NATURAL)) !== 0 ? LOOK_ALIKE : STYLED;
  }
  return undone;
}

/** Whether the code unit belongs to a word here: currency signs and the like do, but for those of prices. */
function isInWord(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  if (isWordKind(kindOf(code))) return true;
  return code >= 128 && letterOf(entryOf(code)) !== 0 && !isDigit(text, i - 1) && !isDigit(text, i + 1);
}

function isDigit(text: string, i: number): boolean {
  const code = codeAt(text, i);
  return code >= 48 && code <= 57;
}

function findCandidates(text: string, counts: GroupCounts, isGenuine: boolean): Candidate[] {
  const candidates: Candidate[] = [];
  let i = 0;
  while (i < text.length) {
    if (!isInWord(text, i)) {
      i++;
      continue;
    }
    const start = i;
    let ascii = 0;
    let foreign = 0;
    let groups = 0;
    let resembling = 0;
    let greek = 0;
    let natural = 0;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 128) {
        const kind = kindOf(code);
        if (!isWordKind(kind)) break;
        if (isLetterKind(kind)) ascii++;
        continue;
      }
      const entry = entryOf(code);
      if (letterOf(entry) !== 0) {
        const group = groupOfEntry(entry);
        if (group === SIGNS && !isInWord(text, i)) break;
        groups |= 1 << group;
        if ((entry & OWN) !== 0) ascii++;
        if ((entry & RESEMBLES) !== 0) resembling++;
        if (group === NATURAL) {
          natural++;
          if (code < 0x400) greek++;
        }
        continue;
      }
      const kind = kindOf(code);
      if (!isWordKind(kind)) break;
      if (!isLetterKind(kind)) continue;
      const group = groupOf(code);
      if (group === LATIN || group === HOOKED) ascii++;
      else foreign |= 1 << group;
    }
    const others = groups & ~1;
    // Nor do Greek and Cyrillic letters share a word, nor those of two scripts that are both not Latin.
    const strange = (greek > 0 && greek < natural) || (others & (others - 1)) !== 0;
    const isMixed =
      strange || (ascii > 0 && ((others & ~BESIDE_LATIN) !== 0 || (others === 0 && groups !== 0)));
    const isDoubtful = resembling > 0 && !isMixed;
    if (isDoubtful && isGenuine) foreign |= 1 << NATURAL;
    else if (isDoubtful) counts.doubtful++;
    if (foreign !== 0)
      for (let group = 1; group < GROUPS; group++) counts.genuine[group]! += (foreign >> group) & 1;
    else if (groups !== 0 && !(isGenuine && groups === 1 << NATURAL && !isMixed))
      candidates.push({ start, end: i, groups, isMixed, isDoubtful, known: 0 });
  }
  return candidates;
}

function knownLetters(text: string, candidate: Candidate): number {
  const { start, end } = candidate;
  let word = '';
  for (let at = start; at < end; at++) {
    const letter = letterOf(entryOf(codeAt(text, at)));
    word += letter === 0 ? text[at]! : String.fromCharCode(letter);
  }
  return word.length > 1 && isKnownWord(word.toLowerCase()) ? word.length : 0;
}

function countIn({ groups, isMixed, known, start, end }: Candidate, counts: GroupCounts): void {
  for (let group = 0; group < GROUPS; group++) {
    if (((groups >> group) & 1) === 0) continue;
    if (end - start > 1) counts.words[group]!++;
    if (isMixed) counts.mixed[group]!++;
    if (known > 2) {
      counts.known[group]!++;
      counts.knownLetters[group]! += known;
    }
  }
}

/** The bits of the groups of which all candidates are folded. */
function foldedGroups(counts: GroupCounts): number {
  const { words, mixed, known, genuine } = counts;
  let folded = 0;
  for (let group = 0; group < GROUPS; group++) {
    const isKnown = known[group]! > 0 && known[group]! * 3 >= words[group]!;
    let all: boolean;
    if (group === LATIN) all = words[group]! > 0 || mixed[group]! > 0;
    else if (group === NATURAL)
      all =
        mixed[group]! > 0
          ? genuine[group]! * 3 <= mixed[group]! - (genuine[group]! > 0 ? 1 : 0) || genuine[group] === 0
          : isMostlyKnown(counts);
    else if (((BESIDE_LATIN >> group) & 1) !== 0)
      all = genuine[group] === 0 && isKnown && counts.knownLetters[group]! >= FEWEST_BESIDE_LATIN;
    else all = genuine[group] === 0 && (mixed[group]! > 0 || isKnown);
    if (all) folded |= 1 << group;
  }
  return folded;
}

/** Whether known words come of the Greek, Cyrillic or Armenian ones by more than chance. */
function isMostlyKnown({ words, known, knownLetters, genuine }: GroupCounts): boolean {
  return genuine[NATURAL] === 0 && known[NATURAL]! * 2 >= words[NATURAL]! && knownLetters[NATURAL]! >= 8;
}

function isFolded({ groups, isMixed, known }: Candidate, folded: number): boolean {
  if ((groups & ~folded) === 0) return true;
  // In the midst of genuine text.
  if (isMixed) return (groups & ~(1 | (1 << NATURAL))) === 0 || known > 3;
  return known > 3 && (groups & ((1 << NATURAL) | BESIDE_LATIN)) === 0;
}
