/** Where a field's text is among the bytes; -1 where there is no such field, or null. */
export interface PlainMessage {
  textStart: number;
  textEnd: number;
  /** The digits, where it is a number. */
  idStart: number;
  idEnd: number;
  communityStart: number;
  communityEnd: number;
  languageStart: number;
  languageEnd: number;
  /** Whether the text is ASCII. */
  ascii: boolean;
}

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;
/** Longer numbers are left to the parser. */
const MAX_DIGITS = 25;

const keys = ['message', 'message_id', 'community', 'sender', 'language', 'sent_at'].map((name) =>
  Uint8Array.from(name, (character) => character.charCodeAt(0)),
);
const MESSAGE = 0;
const MESSAGE_ID = 1;
const COMMUNITY = 2;
const SENDER = 3;
const LANGUAGE = 4;
const SENT_AT = 5;
const NULL = [110, 117, 108, 108];

/**
 * Finds the fields of a message whose JSON is as plain as most are: one object of known fields, each once, strings without escapes,
 * null or whole numbers where they may be. Returns false for all else, be it a message or not, and `found` is not valid then. A test holds it to {@link readMessage}.
 * The bytes at [start, end) are UTF-8.
 */
export function findPlainMessage(
  bytes: Uint8Array,
  start: number,
  end: number,
  found: PlainMessage,
): boolean {
  found.textStart = -1;
  found.communityStart = -1;
  found.languageStart = -1;
  let seen = 0;
  let i = afterSpace(bytes, start, end);
  if (i >= end || bytes[i] !== OPEN) return false;
  do {
    i = afterSpace(bytes, i + 1, end);
    if (i >= end || bytes[i] !== QUOTE) return false;
    const keyStart = i + 1;
    i = keyStart;
    while (i < end && bytes[i] !== QUOTE) i++;
    const key = keyOf(bytes, keyStart, i);
    if (key < 0 || (seen & (1 << key)) !== 0) return false;
    seen |= 1 << key;
    i = afterSpace(bytes, i + 1, end);
    if (i >= end || bytes[i] !== COLON) return false;
    i = afterSpace(bytes, i + 1, end);
    if (i >= end) return false;
    if (bytes[i] !== QUOTE) {
      const from = i;
      i = afterPlainValue(bytes, i, end, key);
      if (i < 0) return false;
      if (key === MESSAGE_ID) {
        found.idStart = from;
        found.idEnd = i;
      }
    } else {
      const from = ++i;
      let all = 0;
      for (; i < end; i++) {
        const byte = bytes[i]!;
        if (byte === QUOTE) break;
        if (byte === BACKSLASH || byte < 32) return false;
        all |= byte;
      }
      if (i >= end) return false;
      if (key === MESSAGE) {
        found.textStart = from;
        found.textEnd = i;
        found.ascii = all < 128;
      } else if (key === MESSAGE_ID) {
        if (i === from) return false;
        found.idStart = from;
        found.idEnd = i;
      } else if (key === COMMUNITY) {
        found.communityStart = from;
        found.communityEnd = i;
      } else if (key === LANGUAGE) {
        found.languageStart = from;
        found.languageEnd = i;
      }
      i++;
    }
    i = afterSpace(bytes, i, end);
    if (i >= end) return false;
  } while (bytes[i] === COMMA);
  if (bytes[i] !== CLOSE || (seen & 3) !== 3) return false;
  return afterSpace(bytes, i + 1, end) === end;
}

function keyOf(bytes: Uint8Array, start: number, end: number): number {
  const size = end - start;
  for (let key = 0; key < keys.length; key++) {
    const name = keys[key]!;
    if (name.length !== size) continue;
    let at = 0;
    while (at < size && bytes[start + at] === name[at]) at++;
    if (at === size) return key;
  }
  return -1;
}

function afterSpace(bytes: Uint8Array, from: number, end: number): number {
  let i = from;
  while (i < end) {
    const byte = bytes[i]!;
    if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) break;
    i++;
  }
  return i;
}

/** Where null, or a whole number without sign, ends that the field may have in place of a string; -1 where there is none. */
function afterPlainValue(bytes: Uint8Array, from: number, end: number, key: number): number {
  if (bytes[from] === NULL[0]) {
    if (key === MESSAGE || key === MESSAGE_ID || from + 4 > end) return -1;
    for (let at = 1; at < 4; at++) if (bytes[from + at] !== NULL[at]) return -1;
    return from + 4;
  }
  if (key !== MESSAGE_ID && key !== SENDER && key !== SENT_AT) return -1;
  let i = from;
  while (i < end && bytes[i]! >= 48 && bytes[i]! <= 57) i++;
  const digits = i - from;
  return digits === 0 || digits > MAX_DIGITS || (digits > 1 && bytes[from] === 48) ? -1 : i;
}
