import { cutToLength } from '../../text/deobfuscate.ts';
import { isKnownWord } from '../../text/known-words.ts';
import { plainLetter } from '../../text/leet-characters.ts';
import {
  BREAK_CODE,
  CURRENCY_CODE,
  DIGIT,
  type FoldedText,
  foldLetters,
  GAP,
  LETTER,
  SIGN,
  SPACE_CODE,
} from './fold-letters.ts';
import { read, spanAsSent } from './read-message.ts';
import type { Rule, RuleMatch, Span } from './rule.ts';

export interface NumberedDomainsRuleOptions {
  /** Letters a to z in lower case: `net`, `com`. */
  readonly endings: readonly string[];
}

/** Between the number and the ending, and between two letters of it. */
const MOST_BEFORE = 12;
const MOST_BETWEEN = 8;
/** Of a name that is compared with known words, with the spaces behind it. */
const MOST_NAME = 50;
/** Between the name and the number. */
const MOST_BEHIND_NAME = 4;

/**
 * The name of a site, exactly two digits, and an ending that is obfuscated: `funsite 18++n++e+++t+++`, `coolplace 21 ...c,,,0...m...`. A
 * number before an ordinary word, a price, a date and a time of day are none. `count` receives the units of text that were looked at.
 */
export function numberedDomainsRule(
  { endings }: NumberedDomainsRuleOptions,
  count: (units: number) => void = () => {},
): Rule {
  const match = (message: string): RuleMatch | null => {
    const written = find(foldLetters(cutToLength(message)), endings, count);
    if (written !== undefined)
      return { what: `number before an obfuscated ${written.ending}`, span: () => written };
    return linkIn(message, endings);
  };
  return { name: 'numbered-domains', about: `numbers before an obfuscated ${endings.join(' or ')}`, match };
}

/** Obfuscations that src/text undoes: a link whose name ends in two digits, and whose ending was not written as it is. */
function linkIn(message: string, endings: readonly string[]): RuleMatch | null {
  const { text, lower, links } = read(message);
  if (text === message) return null;
  for (const { kind, start, end } of links) {
    if (kind === 'mail') continue;
    const [, name, ending] = /^(?:https?:\/\/)?([^\s/:?#]*)\.([a-z]+)/.exec(lower.slice(start, end)) ?? [];
    if (name === undefined || ending === undefined || !endings.includes(ending)) continue;
    const before = lower.slice(Math.max(0, start - MOST_BEHIND_NAME), start);
    const isNumbered =
      name.length === 2
        ? /\p{L}[ \t]+$/u.test(before) && !isBehindWord(lower.slice(0, start))
        : /\p{L}-?\d\d$/u.test(name);
    if (!isNumbered || !/\d\d$/.test(name)) continue;
    const from = lower.indexOf(`${name}.${ending}`, start) + name.length;
    const { start: first, end: last } = spanAsSent(message, from, from + ending.length + 1);
    const sent = message.slice(first, last).toLowerCase();
    if (sent === `.${ending}` || /\p{Sc}/u.test(sent)) continue;
    return { what: `number before an obfuscated ${ending}`, span: () => spanAsSent(message, start, end) };
  }
  return null;
}

/** Whether the text ends with a known word and spaces: `over 50 dot com companies`. */
function isBehindWord(text: string): boolean {
  const [, word = ''] = /(\p{L}{1,40})[ \t]+$/u.exec(text.slice(-MOST_NAME)) ?? [];
  return isKnownWord(word);
}

interface FoundEnding extends Span {
  readonly ending: string;
}

function find(
  text: FoldedText,
  endings: readonly string[],
  count: (units: number) => void,
): FoundEnding | undefined {
  const { kinds, length } = text;
  let steps = 0;
  for (let i = 0; i + 1 < length; i++) {
    steps++;
    if (kinds[i] !== DIGIT || kinds[i + 1] !== DIGIT || !isNumber(text, i)) continue;
    for (const ending of endings) {
      const read = new EndingWalk(text, i + 2, ending);
      const end = read.end();
      steps += read.steps;
      if (end < 0) continue;
      count(steps);
      return { ending, start: nameStart(text, i), end: text.ends[end - 1]! };
    }
  }
  count(steps);
  return undefined;
}

/** Two digits alone, behind a name; no part of a price, a date or a time. */
function isNumber({ codes, kinds, length }: FoldedText, i: number): boolean {
  if (i + 2 < length && kinds[i + 2] === DIGIT) return false;
  // Where digits are before, as in a price or a time, no name is.
  let at = i - 1;
  while (at >= 0 && i - at <= MOST_BEHIND_NAME && kinds[at] === GAP) {
    if (codes[at] === BREAK_CODE || codes[at] === CURRENCY_CODE) return false;
    at--;
  }
  return at >= 0 && kinds[at] === LETTER;
}

/** Where the letters before the number begin. */
function nameStart({ kinds, starts }: FoldedText, number: number): number {
  let at = number - 1;
  while (at >= 0 && kinds[at] === GAP) at--;
  while (at > 0 && kinds[at - 1] === LETTER) at--;
  return starts[Math.max(at, 0)]!;
}

/** Reads one ending behind a number. */
class EndingWalk {
  steps = 0;
  readonly #text: FoldedText;
  readonly #from: number;
  readonly #ending: string;

  constructor(text: FoldedText, from: number, ending: string) {
    this.#text = text;
    this.#from = from;
    this.#ending = ending;
  }

  /** Behind its last letter; -1 where it is not there, or not obfuscated. */
  end(): number {
    const { codes, kinds, length, changed } = this.#text;
    let at = this.#behindGap(this.#from, MOST_BEFORE);
    if (at < 0) return -1;
    const before = at - this.#from;
    const hasSign = !this.#isSpaces(this.#from, at);
    let parted = 0;
    let spaced = 0;
    let isReplaced = false;
    let changedLetters = 0;
    for (let k = 0; k < this.#ending.length; k++) {
      if (k > 0) {
        const next = this.#behindGap(at, MOST_BETWEEN);
        if (next < 0) return -1;
        if (next > at) parted++;
        if (next > at && this.#isSpaces(at, next)) spaced++;
        at = next;
      }
      if (at >= length) return -1;
      const wanted = this.#ending.charCodeAt(k);
      const kind = kinds[at]!;
      const code = codes[at]!;
      const isSame = kind === LETTER && code === wanted;
      const isLeet = (kind === DIGIT || kind === SIGN) && plainLetter(code) === this.#ending[k];
      if (!isSame && !isLeet) return -1;
      if (isLeet || changed[at] !== 0) isReplaced = true;
      if (changed[at] !== 0) changedLetters++;
      at++;
    }
    const gaps = this.#ending.length - 1;
    const isParted = parted === gaps && (spaced === 0 || spaced === gaps);
    const isHidden =
      isParted ||
      changedLetters >= this.#ending.length - 1 ||
      (isReplaced && hasSign) ||
      (parted > 0 && hasSign && before > 0);
    return isHidden && !this.#goesOn(at, spaced > 0) ? at : -1;
  }

  /** The next unit that is no gap; -1 where that is too far, or an amount of money. */
  #behindGap(from: number, most: number): number {
    const { codes, kinds, length } = this.#text;
    let at = from;
    while (at < length && kinds[at] === GAP) {
      this.steps++;
      if (codes[at] === CURRENCY_CODE || at - from >= most) return -1;
      at++;
    }
    // A sign that fills, and stands for no letter.
    return at;
  }

  #isSpaces(from: number, to: number): boolean {
    for (let i = from; i < to; i++) if (this.#text.codes[i] !== SPACE_CODE) return false;
    return true;
  }

  /** Whether one letter is a word, as `i` and `u` are, and no more single letters follow. */
  #isWordOfOne(at: number): boolean {
    const { codes, kinds, length } = this.#text;
    if (!/[aiou]/.test(String.fromCharCode(codes[at]!))) return false;
    const next = this.#behindGap(at + 1, MOST_BETWEEN);
    return next < 0 || next >= length || (next + 1 < length && kinds[next + 1] === LETTER);
  }

  #hasSpace(from: number, to: number): boolean {
    const { codes } = this.#text;
    for (let i = from; i < to; i++) if (codes[i] === SPACE_CODE || codes[i] === BREAK_CODE) return true;
    return false;
  }

  /** Whether the letters are the beginning of a word: `comments`, or `n e t t`, written in the same way. */
  #goesOn(from: number, isSpaced: boolean): boolean {
    const { kinds, length } = this.#text;
    if (from < length && kinds[from] === LETTER) return true;
    const next = this.#behindGap(from, MOST_BETWEEN);
    if (next <= from || next >= length || kinds[next] !== LETTER) return false;
    const isSingle = next + 1 >= length || kinds[next + 1] !== LETTER;
    const hasSpace = this.#hasSpace(from, next);
    if (!isSingle) return false;
    if (!isSpaced) return !hasSpace;
    return this.#isSpaces(from, next) && !this.#isWordOfOne(next);
  }
}
