import { ancientLetters } from './font-letters.ts';

/** What a UTF-16 code unit is where obfuscation is undone. */
export const KEEP = 1;
/** Can't be seen. */
export const DROP = 2;
/** A diacritic of no script of its own. */
export const MARK = 3;
/** A mark of one script, or another character that composes with the one before it. */
export const SCRIPT_MARK = 4;
/** A modifier sign that stands alone. */
export const FILL = 5;
/** Is written otherwise, see `changeOf`. */
export const CHANGE = 6;
/** Half of a pair. */
export const SURROGATE = 7;

/**
 * Signs that mean the same; what NFKC says of them is nothing or is unhelpful. Those from U+0080 to U+009F come from
 * Windows-1252 that was decoded as ISO-8859-1.
 */
const sameSigns: Readonly<Record<string, string>> = {
  "'": '\u2018\u2019\u201b\u02bb\u02bc\u02b9\u2032\u00b4\uff07\u055a\u0091\u0092',
  '"': '\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02\u0093\u0094',
  '-': '\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u0096\u0097',
  '.': '\u3002\uff61\uff0e\u2024\ufe52',
  '\n': '\u2028\u2029\u000b\u000c',
  ' ': '\u2800',
  '...': '\u0085',
  '€': '\u0080',
};
const signs = new Map<number, string>(
  Object.entries(sameSigns).flatMap(([sign, same]) => [...same].map((other) => [other.charCodeAt(0), sign])),
);

/** Blocks of marks that belong to no script. */
const markBlocks: readonly (readonly [number, number])[] = [
  [0x0300, 0x036f],
  [0x0483, 0x0489],
  [0x1ab0, 0x1aff],
  [0x1dc0, 0x1dff],
  [0x20d0, 0x20ff],
  [0xfe20, 0xfe2f],
];

// What was asked before; pure, like kindOf.
const roles = new Uint8Array(0x10000);
const changes = new Map<number, string>();

export function roleOf(code: number): number {
  const known = roles[code]!;
  if (known !== 0) return known;
  const role = findRole(code);
  roles[code] = role;
  return role;
}

/** Korean letters that NFKC would make compose with one another. */
export function standsAlone(character: string): boolean {
  return /[\u3131-\u318e\uffa1-\uffdc]/u.test(character);
}

/** What a code unit of role CHANGE is written as. */
export function changeOf(code: number): string {
  return changes.get(code) ?? '';
}

function findRole(code: number): number {
  const character = String.fromCharCode(code);
  if (code >= 0xd800 && code <= 0xdfff) return SURROGATE;
  if (code < 128) {
    if (!signs.has(code)) return /\p{Cc}/u.test(character) && !/[\t\n\r]/.test(character) ? DROP : KEEP;
  } else {
    if (
      /\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}|\p{Co}|[\ufff9-\ufffb\ufffe\uffff]/u.test(character)
    )
      return DROP;
    if (!signs.has(code)) {
      if (/\p{Cc}/u.test(character)) return DROP;
      if (markBlocks.some(([first, last]) => code >= first && code <= last)) return MARK;
      if (/[\u1161-\u11ff\ud7b0-\ud7ff\uff9e\uff9f]|\p{M}/u.test(character)) return SCRIPT_MARK;
      if (/[\p{Sk}\u02bd\u02bf-\u02c1\u02c6-\u02cf\u02ec\u02ee]/u.test(character)) return FILL;
      if (standsAlone(character)) return KEEP;
    }
  }
  // Letters in brackets, which NFKC writes out.
  if (code >= 0x249c && code <= 0x24b5) {
    changes.set(code, String.fromCharCode(97 + code - 0x249c));
    return CHANGE;
  }
  // Arabic points as signs of their own become a space and a mark, which has nothing to stand on.
  const plain = settle(character).replace(/(?<![\p{L}\p{N}])\p{M}+/gu, '');
  if (plain === character) return KEEP;
  changes.set(code, plain);
  return CHANGE;
}

// Planes 1 to 3, where characters are written otherwise; those from 4 to 13 are not assigned.
const FIRST_PAIR = 0x10000;
const BEHIND_PAIRS = 0x40000;
const FIRST_SPECIAL = 0xe0000;
const SAME = 1;
const OTHERWISE = 2;
const pairStates = new Uint8Array(BEHIND_PAIRS - FIRST_PAIR);
const pairChanges = new Map<number, string>();
const ancientOf: ReadonlyMap<string, string> = new Map(
  Object.entries(ancientLetters).flatMap(([latin, letters]) =>
    [...letters].map((letter): [string, string] => [letter, latin]),
  ),
);

/**
 * What the pair of surrogates at `i` is written as; the empty string where it can't be seen: skin tones, tags, variation selectors,
 * private use.
 */
export function plainPairAt(text: string, i: number): string {
  const point = 0x10000 + ((text.charCodeAt(i) - 0xd800) << 10) + text.charCodeAt(i + 1) - 0xdc00;
  if (point >= FIRST_SPECIAL) return '';
  const pair = text.slice(i, i + 2);
  if (point >= BEHIND_PAIRS) return pair;
  let state = pairStates[point - FIRST_PAIR]!;
  if (state === 0) {
    const plain = findPlainPair(pair, point);
    state = plain === pair ? SAME : OTHERWISE;
    if (state === OTHERWISE) pairChanges.set(point, plain);
    pairStates[point - FIRST_PAIR] = state;
  }
  return state === SAME ? pair : pairChanges.get(point)!;
}

function findPlainPair(pair: string, point: number): string {
  if (point >= 0x1f3fb && point <= 0x1f3ff) return '';
  // Letters in black circles and squares, which NFKC leaves alone.
  if (point >= 0x1f150 && point <= 0x1f169) return String.fromCharCode(65 + point - 0x1f150);
  if (point >= 0x1f170 && point <= 0x1f189) return String.fromCharCode(65 + point - 0x1f170);
  // In brackets, which NFKC writes out.
  if (point >= 0x1f110 && point <= 0x1f129) return String.fromCharCode(65 + point - 0x1f110);
  const ancient = ancientOf.get(pair);
  if (ancient !== undefined) return ancient;
  if (/\p{Default_Ignorable_Code_Point}/u.test(pair)) return '';
  return settle(pair);
}

/** NFKC without diacritics but for those that make a letter of its own. A second application changes nothing. */
export function settle(text: string): string {
  let plain = text;
  // Twice is enough for what Unicode holds; a bound keeps that from being a matter of trust.
  for (let round = 0; round < 4; round++) {
    let next = '';
    for (const character of normalized(plain)) next += withoutDiacritics(character);
    next = next.normalize('NFC');
    if (next === plain) break;
    plain = next;
  }
  return plain;
}

/** `settle` of a text whose first `settled` code units are settled: what hangs on the last of them changes nothing before it. */
export function settleEnd(text: string, settled: number): string {
  let from = settled;
  do from -= isLowSurrogate(text, from - 1) ? 2 : 1;
  while (from > 0 && isMark(text, from));
  return from <= 0 ? settle(text) : text.slice(0, from) + settle(text.slice(from));
}

function isLowSurrogate(text: string, i: number): boolean {
  const code = text.charCodeAt(i);
  return code >= 0xdc00 && code <= 0xdfff;
}

function isMark(text: string, i: number): boolean {
  return /\p{M}/u.test(String.fromCodePoint(text.codePointAt(i)!));
}

/** NFKC, but for lunate sigmas, which would become letters that don't look like a C any more. */
function normalized(text: string): string {
  return /[ϲϹ]/.test(text)
    ? text.replace(/[^ϲϹ]+/g, (part) => part.normalize('NFKC'))
    : text.normalize('NFKC');
}

/** Letters with a stroke, which have no decomposition. */
const struck: ReadonlyMap<string, string> = new Map(
  [...'øØłŁđĐħĦŧŦƀɇɆȼȻɍɌɏɎƶƵɨⱥȺⱦȾɉɈǥꝑꝗ'].map((letter, at) => [
    letter,
    'oOlLdDhHtTbeEcCrRyYzZiaAtTjJgpq'[at]!,
  ]),
);

function withoutDiacritics(character: string): string {
  const sign = signs.get(character.codePointAt(0)!) ?? struck.get(character);
  if (sign !== undefined) return sign;
  if (/[äöüÄÖÜйЙёЁўЎїЇ]/.test(character)) return character;
  if (!/[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{M}]/u.test(character)) return character;
  return character.normalize('NFD').replace(/[\u0300-\u036f]/gu, '');
}
