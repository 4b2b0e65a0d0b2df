import { CURRENCY, isLetterKind, isWordKind, kindOf, SPACE } from '../../text/character-kinds.ts';
import { latinLookAlike } from '../../text/look-alike-table.ts';
import { ClusterWalk } from '../../text/plain-characters.ts';

// What a unit of a folded text is.
/** Anything between words. */
export const GAP = 0;
export const LETTER = 1;
export const DIGIT = 2;
/** `@`, `$` or `!`, which may stand for a letter. */
export const SIGN = 3;

/** What spaces, line breaks and everything that is no ASCII character are in gaps. */
export const SPACE_CODE = 32;
export const BREAK_CODE = 10;
export const SYMBOL_CODE = 1;
export const CURRENCY_CODE = 2;

// How a letter was written.
/** As another form of the same letter: in a font, with marks. */
export const STYLED = 1;
/** As a letter of another script: this for Greek, and other numbers above for others. */
export const LOOK_ALIKE = 2;

/** A text as a row of letters, digits, and what is between them; what cannot be seen, and what is hung on letters, is left out. */
export interface FoldedText {
  readonly length: number;
  /** In lower case, of look-alike letters the Latin one; of digits and signs what is written. */
  readonly codes: Uint16Array;
  readonly kinds: Uint8Array;
  /** Of letters that were not written as this letter: see {@link STYLED}, {@link LOOK_ALIKE}. */
  readonly changed: Uint8Array;
  /** In the text, UTF-16 code units. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly hasDigits: boolean;
  readonly hasSigns: boolean;
}

/** A character that becomes more than this many is read so far only. */
const MOST_OF_ONE = 4;

/** Each character by itself, whatever the text around it is: whether it is meant so, the caller decides. Linear. */
export function foldLetters(text: string): FoldedText {
  const most = text.length * MOST_OF_ONE;
  const units = {
    codes: new Uint16Array(most),
    kinds: new Uint8Array(most),
    changed: new Uint8Array(most),
    starts: new Uint32Array(most),
    ends: new Uint32Array(most),
  };
  let length = 0;
  let hasDigits = false;
  let hasSigns = false;
  const walk = new ClusterWalk(text);
  for (let i = 0; i < text.length; ) {
    const next = walk.read(i);
    const end = next === 0 ? i + 1 : Math.max(next, i + 1);
    const plain = next === 0 ? text[i]! : walk.plain;
    let read = 0;
    for (let at = 0; at < plain.length && read < MOST_OF_ONE; read++) {
      const code = plain.charCodeAt(at);
      const isPair = code >= 0xd800 && code <= 0xdbff && at + 1 < plain.length;
      const unit = isPair ? indicatorAt(text, i) : unitOf(code);
      units.codes[length] = unit.code;
      units.kinds[length] = unit.kind;
      const isWritten = end - i === 1 && text.charCodeAt(i) === code;
      if (unit.kind === LETTER)
        units.changed[length] = unit.changed > 0 ? unit.changed : isWritten ? 0 : STYLED;
      units.starts[length] = i;
      units.ends[length] = end;
      hasDigits ||= unit.kind === DIGIT;
      hasSigns ||= unit.kind === SIGN;
      length++;
      at += isPair ? 2 : 1;
    }
    i = end;
  }
  return { length, ...units, hasDigits, hasSigns };
}

interface Unit {
  readonly code: number;
  readonly kind: number;
  /** Of a letter of another script: {@link LOOK_ALIKE} or more. */
  readonly changed: number;
}

const symbol: Unit = { code: SYMBOL_CODE, kind: GAP, changed: 0 };
/** The first of 26 in a row. */
const FIRST_INDICATOR = 0x1f1e6;
const known = new Map<number, Unit>();

/** A pure function of the code unit, of which there are few in use. */
function unitOf(code: number): Unit {
  let unit = known.get(code);
  if (unit === undefined) {
    unit = findUnit(code);
    known.set(code, unit);
  }
  return unit;
}

function findUnit(code: number): Unit {
  const kind = kindOf(code);
  const character = String.fromCharCode(code);
  if (character === '\n' || character === '\r') return { code: BREAK_CODE, kind: GAP, changed: 0 };
  if (kind === SPACE) return { code: SPACE_CODE, kind: GAP, changed: 0 };
  if (/[@$!]/.test(character)) return { code, kind: SIGN, changed: 0 };
  if (kind === CURRENCY) return { code: CURRENCY_CODE, kind: GAP, changed: 0 };
  const latin = latinLookAlike(character);
  if (isLetterKind(kind) || latin !== character) {
    const lower = latin.toLowerCase().charCodeAt(0);
    return { code: lower, kind: LETTER, changed: latin === character ? 0 : scriptOf(code) };
  }
  if (isWordKind(kind)) return { code, kind: DIGIT, changed: 0 };
  return { code: code < 128 ? code : SYMBOL_CODE, kind: GAP, changed: 0 };
}

function scriptOf(code: number): number {
  if (code < 0x370) return STYLED;
  if (code < 0x400) return LOOK_ALIKE;
  return code < 0x530 ? LOOK_ALIKE + 1 : LOOK_ALIKE + 2;
}

/** A regional indicator that stands alone, and so is no flag, is its letter; every other pair is a symbol. */
function indicatorAt(text: string, i: number): Unit {
  const at = (from: number) => (text.codePointAt(from) ?? 0) - FIRST_INDICATOR;
  const isIndicator = (letter: number) => letter >= 0 && letter < 26;
  const letter = at(i);
  if (!isIndicator(letter) || isIndicator(at(i + 2)) || (i > 1 && isIndicator(at(i - 2)))) return symbol;
  return { code: 97 + letter, kind: LETTER, changed: 0 };
}
