/** What a UTF-16 code unit is to the scanners. What words are made of comes last, so that one comparison finds it. */
export const OTHER = 0;
export const SPACE = 1;
export const CURRENCY = 2;
/** A pictograph or another symbol that stands for itself. */
export const SYMBOL = 3;
/** The first half of a surrogate pair; a pair is taken as one symbol. */
export const PAIR = 4;
export const LOWER = 8;
export const UPPER = 9;
export const DIGIT = 12;
const UNKNOWN = 255;

const kinds = new Uint8Array(0x10000).fill(UNKNOWN);
for (let code = 0; code < 128; code++) kinds[code] = classify(code);

/** The kinds of all ASCII characters. */
export const asciiKinds: Uint8Array = kinds.slice(0, 128);

/** ASCII letters in lower case, everything else as it is. */
export const asciiLower: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  code >= 65 && code <= 90 ? code + 32 : code,
);

/** The kind of any code unit. A pure function; the table remembers what was asked before. */
export function kindOf(code: number): number {
  const known = kinds[code]!;
  if (known !== UNKNOWN) return known;
  const kind = classify(code);
  kinds[code] = kind;
  return kind;
}

/** The code unit at `i`, 0 where there is none: reading outside of a text would make the compiler drop what it made of the caller. */
export function codeAt(text: string, i: number): number {
  return i >= 0 && i < text.length ? text.charCodeAt(i) : 0;
}

/** The kinds of a text's code units, in an array that the next text uses again. */
export class TextKinds {
  #kinds = new Uint8Array(0);

  /** Behind the text stand two kinds `SPACE`. */
  load(text: string): Uint8Array {
    const { length } = text;
    if (this.#kinds.length < length + 2) this.#kinds = new Uint8Array(length + 2);
    const found = this.#kinds;
    for (let i = 0; i < length; i++) found[i] = kindOf(text.charCodeAt(i));
    found[length] = SPACE;
    found[length + 1] = SPACE;
    return found;
  }
}

export function isLetterKind(kind: number): boolean {
  return kind === LOWER || kind === UPPER;
}

export function isWordKind(kind: number): boolean {
  return kind >= LOWER;
}

function classify(code: number): number {
  if (code >= 0xd800 && code <= 0xdbff) return PAIR;
  if (code >= 0xdc00 && code <= 0xdfff) return OTHER;
  const character = String.fromCharCode(code);
  if (/\s/u.test(character)) return SPACE;
  if (/\p{Lu}|\p{Lt}/u.test(character)) return UPPER;
  // Vowel signs of Indic scripts and Arabic or Hebrew points belong to their word.
  if (/\p{L}|\p{M}/u.test(character)) return LOWER;
  if (/\p{Nd}/u.test(character)) return DIGIT;
  if (/\p{Sc}/u.test(character)) return CURRENCY;
  if (code >= 128 && /\p{So}|\p{Sm}|\p{Extended_Pictographic}/u.test(character)) return SYMBOL;
  return OTHER;
}
