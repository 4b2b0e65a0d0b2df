import { cutToLength } from '../../text/deobfuscate.ts';
import { isKnownWord } from '../../text/known-words.ts';
import { isCommonEnding } from '../../text/top-level-domains.ts';
import {
  type DomainName,
  DomainTree,
  keyOf,
  NO_LETTER,
  REPLACED,
  SAME,
  SWAPPED,
  standsFor,
  UMLAUT,
} from './domain-names.ts';
import {
  BREAK_CODE,
  DIGIT,
  type FoldedText,
  foldLetters,
  GAP,
  LETTER,
  LOOK_ALIKE,
  SIGN,
} from './fold-letters.ts';
import {
  type EndingKind,
  HIDDEN_ENDING,
  isSpelledOut,
  type LetterPiece,
  NO_ENDING,
  PLAIN_ENDING,
} from './letter-gaps.ts';
import { read, spanAsSent } from './read-message.ts';
import type { Rule, RuleMatch, Span } from './rule.ts';

export interface DomainsRuleOptions {
  /** Of sites, without their endings; as `readDomainNames` returns them. */
  readonly names: readonly string[];
}

/** Between two letters of a name. */
const MOST_BETWEEN = 12;
/** Letters of an ending, and what may be before and between them. */
const LONGEST_ENDING = 4;
const MOST_BEFORE_ENDING = 6;

/** What counts as a letter: digits and signs may stand for one, or fill the space between letters. */
interface Reading {
  readonly digits: boolean;
  readonly signs: boolean;
}

interface FoundName extends Span {
  readonly name: string;
}

/**
 * Names of sites, however their letters are written: look-alikes, leet, with spaces, signs, pictographs or line breaks between. A name
 * is searched for from each beginning of a word on; letters of several words are no name unless they are written one by one, or are
 * followed by an ending. `count` receives the units of text that were looked at.
 */
export function domainsRule({ names }: DomainsRuleOptions, count: (units: number) => void = () => {}): Rule {
  const tree = new DomainTree(names);
  const match = (message: string): RuleMatch | null => {
    const text = cutToLength(message);
    const written = find(foldLetters(text), tree, true, count);
    if (written !== undefined) return { what: `site ${written.name}`, span: () => written };
    const turned = text.includes(OVERRIDE) ? findReversed(text, tree, count) : undefined;
    if (turned !== undefined) return { what: `site ${turned.name}`, span: () => turned };
    const { text: plain } = read(message);
    if (plain === message) return null;
    const found = find(foldLetters(plain), tree, false, count);
    if (found === undefined) return null;
    return { what: `site ${found.name}`, span: () => spanAsSent(message, found.start, found.end) };
  };
  return { name: 'domains', about: `obfuscated names of ${names.length} sites`, match };
}

/** What is behind this character is shown from right to left. */
const OVERRIDE = '\u202e';

/** In the order in which it is shown behind an override. */
function findReversed(text: string, tree: DomainTree, count: (units: number) => void): FoundName | undefined {
  const found = find(foldLetters([...text].reverse().join('')), tree, true, count);
  if (found === undefined) return undefined;
  return { name: found.name, start: text.length - found.end, end: text.length - found.start };
}

function find(
  text: FoldedText,
  tree: DomainTree,
  isAsSent: boolean,
  count: (units: number) => void,
): FoundName | undefined {
  const readings: Reading[] = [{ digits: true, signs: false }];
  if (text.hasSigns) readings.push({ digits: true, signs: true });
  if (text.hasDigits) readings.push({ digits: false, signs: false });
  for (const reading of readings) {
    const walk = new NameWalk(text, tree, reading, isAsSent);
    for (let start = 0; start < text.length; start++) {
      const found = walk.from(start);
      if (found !== undefined) return found;
    }
    count(walk.steps);
  }
  return undefined;
}

/** Reads names out of one text in one way. */
class NameWalk {
  steps = 0;
  readonly #text: FoldedText;
  readonly #tree: DomainTree;
  readonly #reading: Reading;
  readonly #isAsSent: boolean;
  readonly #units: Uint32Array;

  constructor(text: FoldedText, tree: DomainTree, reading: Reading, isAsSent: boolean) {
    this.#text = text;
    this.#tree = tree;
    this.#reading = reading;
    this.#isAsSent = isAsSent;
    this.#units = new Uint32Array(tree.longest);
  }

  /** The longest name that begins at a unit. */
  from(start: number): FoundName | undefined {
    this.steps++;
    const { kinds, codes, length } = this.#text;
    if (!this.#isLetter(start) || (start > 0 && kinds[start - 1] === LETTER)) return undefined;
    let found: FoundName | undefined;
    let node = 0;
    let size = 0;
    let gap = 0;
    for (let i = start; i < length && gap <= MOST_BETWEEN; i++) {
      this.steps++;
      if (!this.#isLetter(i)) {
        gap++;
        continue;
      }
      const next = this.#tree.next(node, keyOf(codes[i]!, kinds[i]!));
      if (next === 0) {
        if (!this.#isStretched(i)) break;
        gap++;
        continue;
      }
      gap = 0;
      node = next;
      this.#units[size++] = i;
      for (const name of this.#tree.at(node) ?? [])
        if (this.#isName(name, size)) found = this.#found(name, size);
    }
    return found;
  }

  /** Whether the letter repeats the one before, and is one of three or more: `fuuunsite`. */
  #isStretched(i: number): boolean {
    const { codes, kinds, length } = this.#text;
    const isSame = (at: number) => at >= 0 && at < length && kinds[at] === LETTER && codes[at] === codes[i];
    return isSame(i - 1) && (isSame(i - 2) || isSame(i + 1));
  }

  #isLetter(i: number): boolean {
    const kind = this.#text.kinds[i]!;
    if (kind === LETTER) return true;
    return (kind === DIGIT && this.#reading.digits) || (kind === SIGN && this.#reading.signs);
  }

  #found({ name }: DomainName, size: number): FoundName {
    const { starts, ends } = this.#text;
    return { name, start: starts[this.#units[0]!]!, end: ends[this.#units[size - 1]!]! };
  }

  #isName(name: DomainName, size: number): boolean {
    const { codes, kinds, changed } = this.#text;
    const units = this.#units;
    let isSwapped = false;
    let isOther = false;
    let isPlain = true;
    let own = 0;
    let isMarked = false;
    let scripts = 0;
    for (let k = 0; k < size; k++) {
      const i = units[k]!;
      const how = standsFor(codes[i]!, kinds[i]!, name.codes[k]!);
      if (how === NO_LETTER) return false;
      if (how === SWAPPED) isSwapped = true;
      if (how === UMLAUT) isOther = true;
      if (how !== SAME || changed[i] !== 0) isPlain = false;
      if (kinds[i] === LETTER && changed[i]! < LOOK_ALIKE) own++;
      if (how === REPLACED && this.#isBetweenLetters(i)) isMarked = true;
      if (changed[i]! >= LOOK_ALIKE) scripts |= 1 << changed[i]!;
    }
    // What is written in one other script may be a word of that; where it is not, the text without obfuscation has the name.
    if (this.#isAsSent && own === 0 && (scripts & (scripts - 1)) === 0) return false;
    const behind = this.#behind(size);
    const ending = this.#endingAt(behind);
    if (ending === NO_ENDING && this.#isWithinWord(behind)) return false;
    const pieces = this.#pieces(name, size);
    if (isSwapped && ending === NO_ENDING) return false;
    if (pieces.length > 1)
      return (
        !this.#isAcrossWords(pieces, behind) &&
        isSpelledOut(pieces, isMarked ? HIDDEN_ENDING : ending, isKnownWord)
      );
    if (isOther && isKnownWord(pieces[0]!.letters)) return false;
    return !name.isWord || !isPlain || ending !== NO_ENDING;
  }

  /** Behind the last letter, and those that repeat it. */
  #behind(size: number): number {
    let behind = this.#units[size - 1]! + 1;
    while (behind < this.#text.length && this.#isStretched(behind)) behind++;
    return behind;
  }

  /**
   * Whether more letters are spelled out before or behind, and are nearer than those on both sides of a wider space within: the name would
   * begin or end within a word, as `daswir` in `d a s  w i r d`.
   */
  #isAcrossWords(pieces: readonly LetterPiece[], behind: number): boolean {
    const widest = Math.max(...pieces.slice(1).map(({ gap }) => spacesOf(gap)));
    if (widest < 2) return false;
    const { kinds, length } = this.#text;
    const spacesAt = (from: number, step: number) => {
      let at = from;
      while (at >= 0 && at < length && kinds[at] === GAP) at += step;
      const isSingle = at >= 0 && at < length && kinds[at] === LETTER && kinds[at + step] !== LETTER;
      return isSingle ? Math.abs(at - from) : Number.POSITIVE_INFINITY;
    };
    return Math.min(spacesAt(behind, 1), spacesAt(this.#units[0]! - 1, -1)) < widest;
  }

  /** `m0ney`, and not `5 letters`. */
  #isBetweenLetters(i: number): boolean {
    const { kinds, length } = this.#text;
    return i > 0 && i + 1 < length && kinds[i - 1] === LETTER && kinds[i + 1] === LETTER;
  }

  /** Whether a letter follows at once. */
  #isWithinWord(next: number): boolean {
    return next < this.#text.length && this.#text.kinds[next] === LETTER;
  }

  /** Runs of letters of the name, each with what is before it. */
  #pieces(name: DomainName, size: number): readonly LetterPiece[] {
    const { codes, kinds } = this.#text;
    const units = this.#units;
    const pieces: { letters: string; gap: string }[] = [];
    for (let k = 0; k < size; k++) {
      const between: number[] = [];
      for (let i = k === 0 ? units[0]! : units[k - 1]! + 1; i < units[k]!; i++)
        if (kinds[i] !== LETTER) between.push(codes[i]!);
      const isHyphen = name.afterHyphen[k] === 1 && between.length === 1 && between[0] === 45;
      const letter = String.fromCharCode(codes[units[k]!]!);
      if (k === 0 || (between.length > 0 && !isHyphen))
        pieces.push({ letters: letter, gap: String.fromCharCode(...between) });
      else pieces.at(-1)!.letters += letter;
    }
    return pieces;
  }

  /** Whether a full stop and the ending of a domain follow, which may be obfuscated themselves; or the ending at once: `funsitenet`. */
  #endingAt(from: number): EndingKind {
    const { codes, kinds, length } = this.#text;
    let letters = '';
    let gap = 0;
    let hasStop = false;
    let between = 0;
    for (let i = from; i < length && letters.length < LONGEST_ENDING; i++) {
      if (kinds[i] === GAP) {
        if (++gap > MOST_BEFORE_ENDING || codes[i] === BREAK_CODE) return NO_ENDING;
        between++;
        if (letters === '' && codes[i] === 46) hasStop = true;
        continue;
      }
      if (letters === '' && i > from && !hasStop) return NO_ENDING;
      gap = 0;
      letters += String.fromCharCode(keyOf(codes[i]!, kinds[i]!));
      const isEnd = i + 1 >= length || kinds[i + 1] !== LETTER;
      if (isEnd && (isCommonEnding(letters) || (hasStop && letters === 'de')))
        return between > 1 ? HIDDEN_ENDING : PLAIN_ENDING;
    }
    return NO_ENDING;
  }
}

function spacesOf(gap: string): number {
  return /^ +$/.test(gap) ? gap.length : 0;
}
