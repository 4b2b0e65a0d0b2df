import { cutToLength } from '../../text/deobfuscate.ts';
import { isKnownWord } from '../../text/known-words.ts';
import { isCommonEnding } from '../../text/top-level-domains.ts';
import { type DomainName, DomainTree, keyOf, NO_LETTER, SAME, SWAPPED, standsFor } from './domain-names.ts';
import { BREAK_CODE, DIGIT, type FoldedText, foldLetters, GAP, LETTER, SIGN } from './fold-letters.ts';
import { isSpelledOut } from './letter-gaps.ts';
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
    const { text: plain } = read(message);
    if (plain === message) return null;
    const found = find(foldLetters(plain), tree, false, count);
    if (found === undefined) return null;
    return { what: `site ${found.name}`, span: () => spanAsSent(message, found.start, found.end) };
  };
  return { name: 'domains', about: `obfuscated names of ${names.length} sites`, match };
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

  /** A name that begins at a unit. */
  from(start: number): FoundName | undefined {
    this.steps++;
    const { kinds, codes, length } = this.#text;
    if (!this.#isLetter(start) || (start > 0 && kinds[start - 1] === LETTER)) return undefined;
    let node = 0;
    let size = 0;
    let gap = 0;
    for (let i = start; i < length; i++) {
      this.steps++;
      if (!this.#isLetter(i)) {
        if (++gap > MOST_BETWEEN) return undefined;
        continue;
      }
      gap = 0;
      node = this.#tree.next(node, keyOf(codes[i]!, kinds[i]!));
      if (node === 0) return undefined;
      this.#units[size++] = i;
      const names = this.#tree.at(node);
      if (names === undefined) continue;
      for (const name of names) if (this.#isName(name, size)) return this.#found(name, size);
    }
    return undefined;
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
    let isPlain = true;
    let own = 0;
    for (let k = 0; k < size; k++) {
      const i = units[k]!;
      const how = standsFor(codes[i]!, kinds[i]!, name.codes[k]!);
      if (how === NO_LETTER) return false;
      if (how === SWAPPED) isSwapped = true;
      if (how !== SAME || changed[i] === 1) isPlain = false;
      if (kinds[i] === LETTER && changed[i] === 0) own++;
    }
    // What is written in another script may be a word of that; where it is not, the text without obfuscation has the name.
    if (this.#isAsSent && own === 0) return false;
    const ending = this.#hasEnding(units[size - 1]! + 1);
    if (!ending && this.#isWithinWord(units[size - 1]! + 1)) return false;
    const pieces = this.#pieces(name, size);
    if (pieces.length > 1) return isSpelledOut(pieces, ending, isKnownWord);
    if (isSwapped && isKnownWord(pieces[0]!.letters)) return false;
    return !name.isWord || !isPlain || ending;
  }

  /** Whether a letter follows at once. */
  #isWithinWord(next: number): boolean {
    return next < this.#text.length && this.#text.kinds[next] === LETTER;
  }

  /** Runs of letters of the name, each with what is before it. */
  #pieces(name: DomainName, size: number) {
    const { codes } = this.#text;
    const units = this.#units;
    const pieces: { letters: string; gap: string }[] = [];
    for (let k = 0; k < size; k++) {
      const before = k === 0 ? units[0]! : units[k - 1]! + 1;
      const between = codes.subarray(before, units[k]!);
      const isHyphen = name.afterHyphen[k] === 1 && between.length === 1 && between[0] === 45;
      const letter = String.fromCharCode(codes[units[k]!]!);
      if (k === 0 || (between.length > 0 && !isHyphen))
        pieces.push({ letters: letter, gap: String.fromCharCode(...between) });
      else pieces.at(-1)!.letters += letter;
    }
    return pieces;
  }

  /** Whether a full stop and the ending of a domain follow, which may be obfuscated themselves; or the ending at once: `funsitenet`. */
  #hasEnding(from: number): boolean {
    const { codes, kinds, length } = this.#text;
    let letters = '';
    let gap = 0;
    let hasStop = false;
    for (let i = from; i < length && letters.length < LONGEST_ENDING; i++) {
      if (kinds[i] === GAP) {
        if (++gap > MOST_BEFORE_ENDING || codes[i] === BREAK_CODE) return false;
        if (letters === '' && codes[i] === 46) hasStop = true;
        continue;
      }
      if (letters === '' && i > from && !hasStop) return false;
      gap = 0;
      letters += String.fromCharCode(keyOf(codes[i]!, kinds[i]!));
      const isEnd = i + 1 >= length || kinds[i + 1] !== LETTER;
      if (isEnd && (isCommonEnding(letters) || (hasStop && letters === 'de'))) return true;
    }
    return false;
  }
}
