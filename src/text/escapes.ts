import { codeAt, isLetterKind, isWordKind, kindOf } from './character-kinds.ts';
import type { Edits } from './edits.ts';
import { entityCodes, LONGEST_ENTITY } from './html-entities.ts';
import { isKnownWord, LONGEST_KNOWN_WORD } from './known-words.ts';
import { obfuscationBit } from './obfuscation.ts';
import { Work, workOf } from './work.ts';

const ESCAPED = obfuscationBit('escaped');

const AMPERSAND = 38;
const BACKSLASH = 92;
const PERCENT = 37;
const EQUALS = 61;

/** A character that was found escaped. */
interface Found {
  readonly end: number;
  readonly text: string;
  /** It may be something else, and is read only where others are clear. */
  readonly isDoubtful?: boolean;
}

/** Where an escape stands. */
interface Place {
  readonly start: number;
  /** Where its token begins. */
  readonly token: number;
  /** What may be a link begins before it in its token. */
  readonly isInLink: boolean;
  /** Behind another one of the same kind in its token. */
  readonly isNext: boolean;
}

/**
 * Writes escaped characters as what they stand for: `\u0066`, `\x66`, `&#102;`, `&#x66;`, `&amp;`, `%66`, `=66=72`. Of the last two, which
 * also stand in prices, links and formulas, those within words. Ends where `work` does.
 */
export function readEscapes(text: string, edits: Edits, work: Work = new Work()): number {
  if (!hasEscapeSign(text)) return 0;
  let isObfuscated = false;
  /** Several side by side were found, after which single ones are believed. */
  let isEvident = false;
  const all: (Found & { readonly start: number })[] = [];
  const tokens = new TokenWalk(text);
  let last = -1;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!isEscapeSign(code)) continue;
    if (!work.spend(workOf.escape)) break;
    let found: Found | null;
    if (code === AMPERSAND) found = entityAt(text, i);
    else if (code === BACKSLASH) found = backslashAt(text, i);
    else found = hexPairs(text, code, tokens.placeOf(i, last));
    if (found === null) continue;
    last = i;
    all.push({ end: found.end, text: found.text, isDoubtful: found.isDoubtful === true, start: i });
    isEvident ||= !found.isDoubtful && (code === PERCENT || code === EQUALS) && found.end - i > 3;
    i = found.end - 1;
  }
  for (const found of all) {
    if (found.isDoubtful && !isEvident) continue;
    edits.replace(found.start, found.end, found.text);
    // Signs that HTML has to escape are so by right.
    isObfuscated ||= /[\p{L}\p{N}]/u.test(found.text);
  }
  return isObfuscated ? ESCAPED : 0;
}

/** Most texts with markup have none of these signs. */
function hasEscapeSign(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (isEscapeSign(text.charCodeAt(i))) return true;
  return false;
}

function isEscapeSign(code: number): boolean {
  return code === AMPERSAND || code === BACKSLASH || code === PERCENT || code === EQUALS;
}

/** States in which token a sign stands, and whether in a link; walks over the text once. */
class TokenWalk {
  readonly #text: string;
  #at = 0;
  #token = 0;
  #isInLink = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** `start` is not before that of the question before; `last`: where the escape before it stands, or -1. */
  placeOf(start: number, last: number): Place {
    const text = this.#text;
    for (; this.#at < start; this.#at++) {
      const code = codeAt(text, this.#at);
      if (code === 32 || code === 10) {
        this.#token = this.#at + 1;
        this.#isInLink = false;
      } else if (code === 47) {
        this.#isInLink ||= this.#at > this.#token && beginsLink(text, this.#at);
      }
    }
    return { start, token: this.#token, isInLink: this.#isInLink, isNext: last >= this.#token };
  }
}

/** `&#102;`, `&#x66;`, `&eacute;`, and what was escaped more than once: `&amp;#102;`. */
function entityAt(text: string, start: number): Found | null {
  let at = start + 1;
  while (text.startsWith('amp;', at)) at += 4;
  const inner = characterAt(text, at);
  if (inner !== null) return inner;
  return at > start + 1 ? { end: at, text: '&' } : null;
}

/** What follows the `&`. */
function characterAt(text: string, start: number): Found | null {
  if (codeAt(text, start) === 35) {
    const hex = (codeAt(text, start + 1) | 32) === 120;
    const from = start + (hex ? 2 : 1);
    let end = from;
    while (end - from < 8 && isDigitOf(codeAt(text, end), hex ? 16 : 10)) end++;
    if (end === from) return null;
    const point = Number.parseInt(text.slice(from, end), hex ? 16 : 10);
    // Two halves of a pair.
    const low =
      point >= 0xd800 && point <= 0xdbff ? /^;&#(x?)([\da-f]{4,5})/i.exec(text.slice(end, end + 9)) : null;
    if (low !== null) {
      const half = Number.parseInt(low[2]!, low[1] === '' ? 10 : 16);
      const behind = end + low[0].length + 1;
      return half >= 0xdc00 && half <= 0xdfff
        ? { end: behind, text: String.fromCharCode(point, half) }
        : null;
    }
    const found = fromPoint(point);
    if (found === null) return null;
    return { end: codeAt(text, end) === 59 ? end + 1 : end, text: found };
  }
  let stop = start;
  while (stop - start <= LONGEST_ENTITY && isWordKind(kindOf(codeAt(text, stop)))) stop++;
  if (codeAt(text, stop) !== 59 || stop === start) return null;
  const point = entityCodes.get(text.slice(start, stop));
  return point === undefined ? null : { end: stop + 1, text: String.fromCodePoint(point) };
}

/** `\u0066`, `\u{66}`, `\x66`, `\U00000066`, `\146`. */
function backslashAt(text: string, start: number): Found | null {
  const kind = codeAt(text, start + 1);
  let from = start + 2;
  let size = 4;
  if (kind === 117 && codeAt(text, from) === 123) {
    let stop = from + 1;
    while (stop - from < 8 && digitOf(codeAt(text, stop)) >= 0) stop++;
    if (codeAt(text, stop) !== 125) return null;
    const found = fromHex(text.slice(from + 1, stop));
    return found === null ? null : { end: stop + 1, text: found };
  }
  if (kind === 120) size = 2;
  else if (kind === 85) size = 8;
  else if (kind !== 117) {
    if (kind < 48 || kind > 49) return null;
    from = start + 1;
    const octal = text.slice(from, from + 3);
    // `C:\101` is a path: two in a row are none.
    if (
      !/^[01][0-7]{2}$/.test(octal) ||
      !(/^\\[01][0-7]{2}/.test(text.slice(from + 3, from + 7)) || isOctalBefore(text, start))
    )
      return null;
    const found = fromPoint(Number.parseInt(octal, 8));
    return found === null ? null : { end: from + 3, text: found };
  }
  let end = from + size;
  let found = fromHex(text.slice(from, end), size);
  if (found === null && kind === 117) {
    // Two halves of a pair.
    const [high, low] = [
      Number.parseInt(text.slice(from, end), 16),
      Number.parseInt(text.slice(end + 2, end + 6), 16),
    ];
    if (!(high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff) || !text.startsWith('\\u', end))
      return null;
    found = String.fromCharCode(high, low);
    end += 6;
  }
  return found === null ? null : { end, text: found };
}

function isOctalBefore(text: string, start: number): boolean {
  return start >= 4 && /^\\[01][0-7]{2}$/.test(text.slice(start - 4, start));
}

/** How many escapes are read as one. */
const MOST_PAIRS = 400;

/** `%66%72` and `=66=72`, UTF-8. */
function hexPairs(text: string, sign: number, place: Place): Found | null {
  let end = place.start;
  const bytes: number[] = [];
  while (bytes.length < MOST_PAIRS && codeAt(text, end) === sign) {
    const high = digitOf(codeAt(text, end + 1));
    const low = digitOf(codeAt(text, end + 2));
    if (high < 0 || low < 0) break;
    bytes.push(high * 16 + low);
    end += 3;
  }
  if (bytes.length === 0) return null;
  const found = fromBytes(bytes);
  if (found === null) return null;
  // A space would end the link, and a slash belongs to what it was escaped in.
  if (place.isInLink)
    return bytes.length > 1 && /^[\p{L}\p{N}.-]+$/u.test(found) ? { end, text: found } : null;
  if (bytes.length > 1 && found.trim() !== '') return { end, text: found };
  const isRead =
    sign === PERCENT ? isPercentEscape(text, place, end, found) : isKnownAround(text, place, end, found);
  return { end, text: found, isDoubtful: !isRead };
}

/** One by itself: `fr%65e`, and the spaces and signs of a text that is encoded as a whole; not `100%50`. */
function isPercentEscape(text: string, { start, token, isNext }: Place, end: number, found: string): boolean {
  const before = kindOf(start > token ? codeAt(text, start - 1) : 32);
  const after = kindOf(end < text.length ? codeAt(text, end) : 32);
  if (isNext) return true;
  if (/^\p{L}+$/u.test(found)) return isLetterKind(before) || (isLetterKind(after) && start === token);
  return isLetterKind(before) && isWordKind(after);
}

/** `fr=65e`: `a=66` is a formula. */
function isKnownAround(text: string, { start, token }: Place, end: number, found: string): boolean {
  if (!/^\p{L}+$/u.test(found)) return false;
  let from = start;
  while (from > token && isLetterKind(kindOf(codeAt(text, from - 1))) && start - from < LONGEST_KNOWN_WORD)
    from--;
  let to = end;
  while (to < text.length && isLetterKind(kindOf(codeAt(text, to))) && to - end < LONGEST_KNOWN_WORD) to++;
  return isKnownWord((text.slice(from, start) + found + text.slice(end, to)).toLowerCase());
}

/** Whether the slash at `i` is the second of `://`, or the first behind a domain. */
function beginsLink(text: string, i: number): boolean {
  if (codeAt(text, i - 1) === 47) return i > 1 && codeAt(text, i - 2) === 58;
  let at = i;
  while (i - at < 7 && at > 0 && isLetterKind(kindOf(codeAt(text, at - 1)))) at--;
  return i - at >= 2 && at > 0 && codeAt(text, at - 1) === 46;
}

function fromHex(digits: string, size = digits.length): string | null {
  if (digits.length !== size || !/^[\da-f]{1,8}$/i.test(digits)) return null;
  return fromPoint(Number.parseInt(digits, 16));
}

/** Null for control characters and what is no character. */
function fromPoint(point: number): string | null {
  if (point === 9 || point === 10 || point === 13) return ' ';
  if (point < 32 || (point >= 127 && point < 160) || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
    return null;
  return String.fromCodePoint(point);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function fromBytes(bytes: readonly number[]): string | null {
  try {
    const text = decoder.decode(Uint8Array.from(bytes));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no text is made of them
    return /[\0-\u0008\u000b-\u001f\u007f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function isDigitOf(code: number, base: number): boolean {
  const digit = digitOf(code);
  return digit >= 0 && digit < base;
}
