import { codeAt, isWordKind, kindOf, SYMBOL } from './character-kinds.ts';
import {
  CHANGE,
  changeOf,
  DROP,
  FILL,
  KEEP,
  MARK,
  plainPairAt,
  roleOf,
  SCRIPT_MARK,
  SURROGATE,
  settleEnd,
  standsAlone,
} from './character-roles.ts';
import type { Edits } from './edits.ts';
import { obfuscationBit } from './obfuscation.ts';

const INVISIBLE = obfuscationBit('invisible');
const CONTROL = obfuscationBit('control');
const MARKS = obfuscationBit('marks');
const FILLING = obfuscationBit('filling');
const STYLED = obfuscationBit('styled');

const DIAERESIS = 0x308;
/** More marks of one script than this on one character are not writing. */
const MAX_SCRIPT_MARKS = 6;

/** A character that becomes so many is read only so often in a row. */
const LONG_EXPANSION = 4;
const MOST_EXPANDED = 2;

/**
 * First stage: one way to write each character. NFKC; what can't be seen is dropped, and so are diacritics but for those
 * of ä ö ü (and of what is a letter of its own in Cyrillic), marks and modifier signs used as filling. Returns the bits
 * of what was undone, and whether something is missing. Takes a character with all that hangs on it at a time, and no more than a few
 * marks of that, so that it stays linear where normalising a whole text would not. Characters that become several are left out where the
 * text would be longer than `most` code units, so that what follows them is read.
 */
export function plainCharacters(
  text: string,
  edits: Edits,
  most: number = Number.POSITIVE_INFINITY,
): { readonly undone: number; readonly isTruncated: boolean } {
  const walk = new ClusterWalk(text);
  let size = text.length;
  let isTruncated = false;
  let last = '';
  let repeated = 0;
  let i = 0;
  while (i < text.length) {
    const next = walk.read(i);
    if (next === 0) {
      i++;
      last = '';
      continue;
    }
    let { plain } = walk;
    if (plain.length >= LONG_EXPANSION && next - i < plain.length) {
      repeated = plain === last ? repeated + 1 : 0;
      last = plain;
      if (repeated >= MOST_EXPANDED) plain = '';
      else if (size + plain.length - (next - i) > most) {
        plain = '';
        isTruncated = true;
      }
    } else if (plain !== '') {
      last = '';
    }
    size += plain.length - (next - i);
    if (plain.length !== next - i || !text.startsWith(plain, i)) edits.replace(i, next, plain);
    i = next;
  }
  return { undone: walk.undone, isTruncated };
}

/** Reads one character after the other, each with what hangs on it. */
export class ClusterWalk {
  /** What the character that was read last is written as. */
  plain = '';
  undone = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Where the character at `i` ends; 0 where it is one code unit that stays as it is. */
  read(i: number): number {
    const text = this.#text;
    const code = text.charCodeAt(i);
    const role = roleOf(code);
    this.plain = '';
    if (role === KEEP) {
      const next = i + 1 < text.length ? codeAt(text, i + 1) : 32;
      if ((next >= 32 && next < 127) || roleOf(next) === KEEP) return 0;
      this.plain = text[i]!;
      return this.#readHanging(i + 1, i);
    }
    if (role === CHANGE) {
      this.plain = changeOf(code);
      if (code >= 0x2100 && this.plain.length === 1 && isAsciiWord(this.plain)) this.undone |= STYLED;
      return this.#readHanging(i + 1, i);
    }
    if (role === SURROGATE && isPair(text, i)) {
      this.plain = plainPairAt(text, i);
      if (isAsciiWord(this.plain)) this.undone |= STYLED;
      if (this.plain !== '') return this.#readHanging(i + 2, i);
    }
    // Nothing to hang on: at the start of the text.
    return this.#readHanging(i, i);
  }

  /** Reads what hangs on `plain`, the character at `base`, and answers where that ends. */
  #readHanging(from: number, base: number): number {
    const text = this.#text;
    const settled = this.plain.length;
    let marks = 0;
    let mark = '';
    let umlaut = false;
    let scriptMarks = '';
    let i = from;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const role = roleOf(code);
      if (role === DROP) {
        this.undone |= code < 160 ? CONTROL : this.#belongsToPictograph(base) ? 0 : INVISIBLE;
      } else if (role === MARK) {
        marks++;
        if (marks === 1) mark = text[i]!;
        if (marks <= 2 && code === DIAERESIS) umlaut = true;
      } else if (role === SCRIPT_MARK) {
        if (scriptMarks.length < MAX_SCRIPT_MARKS) scriptMarks += text[i]!;
        else this.undone |= MARKS;
      } else if (role === FILL) {
        this.undone |= FILLING;
      } else if (role === SURROGATE) {
        const pair = isPair(text, i);
        if (pair && plainPairAt(text, i) !== '') break;
        this.undone |= this.#belongsToPictograph(base) ? 0 : INVISIBLE;
        if (pair) i++;
      } else {
        break;
      }
    }
    if (marks > 0) {
      if (umlaut && /[aouAOU]$/.test(this.plain)) this.plain += '\u0308';
      else if (isLetterOfItsOwn(this.plain, mark)) this.plain += mark;
      else if (marks > 1 || !composes(this.plain, mark)) this.undone |= MARKS;
    }
    // A mark needs a letter to stand on, or it would be taken for one.
    if (
      scriptMarks !== '' &&
      !(this.plain !== '' && isWordKind(kindOf(codeAt(this.plain, this.plain.length - 1))))
    ) {
      scriptMarks = '';
      this.undone |= MARKS;
    }
    this.plain += scriptMarks;
    if ((marks > 0 || scriptMarks !== '') && !standsAlone(this.plain))
      this.plain = settleEnd(this.plain, settled);
    return i;
  }

  /** Emoji, and digits as keys, are followed by variation selectors, joiners and tags by right. */
  #belongsToPictograph(base: number): boolean {
    const code = codeAt(this.#text, base);
    return roleOf(code) === SURROGATE || kindOf(code) === SYMBOL || /[\d#*]/.test(this.#text[base]!);
  }
}

/** Whether it begins with an ASCII letter or digit. */
function isAsciiWord(text: string): boolean {
  const code = text.charCodeAt(0);
  return code < 128 && isWordKind(kindOf(code));
}

function isPair(text: string, i: number): boolean {
  if (text.charCodeAt(i) > 0xdbff || i + 1 >= text.length) return false;
  const low = codeAt(text, i + 1);
  return low >= 0xdc00 && low <= 0xdfff;
}

/** й and ё, but not ѐ. */
function isLetterOfItsOwn(base: string, mark: string): boolean {
  return (mark === '\u0306' && /[иИуУ]$/.test(base)) || (mark === '\u0308' && /[еЕіІ]$/.test(base));
}

function composes(base: string, mark: string): boolean {
  return base !== '' && (base + mark).normalize('NFC').length === base.length;
}
