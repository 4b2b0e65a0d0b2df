import { isWordKind, kindOf } from './character-kinds.ts';
import { fontLetters, resemblingLetters } from './font-letters.ts';

/** Greek, Cyrillic and Armenian letters that look like a Latin one, after diacritics were dropped. */
const natural: readonly (readonly [string, string])[] = [
  ['АВЕЅІЈКМНОРСТХУҮЗЬԌԍҺԀԁԚԛԜԝѴѵ', 'ABESIJKMHOPCTXYY3bGgHDdQqWwVv'],
  ['асеһіјкӏорѕухгвнтмпѡьԁ', 'acehijklopsyxrbhtmnwbd'],
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ', 'ABEZHIKMNOPTYXC'],
  ['αβγεηικνορτυχωϲϳ', 'abyeniKvoptuxwcj'],
  ['աօոսցհքգՕՍԼՏ', 'wonughpqOULS'],
];

/** Latin letters of phonetic script and the like. */
const own = ['ıȷɑɡɩʋɢɪɴʀʏʙʜʟᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜰꜱꞮƖ', 'ijagivginrybhlacdejkmoptuvwzfsII'] as const;

/** Letters that are turned by 180 degrees and nothing else, as good as. */
const turned = 'ɐɔǝɟƃɥᴉɯɹʇʌʍʎʞᴚ⊥∀Ǝ⅄';

/**
 * Control characters, blanks that are no white space, right-to-left override, the second halves of regional indicators, and what is written
 * otherwise before anything else is read.
 */
const rearranged: readonly (readonly [number, number])[] = [
  [0x01, 0x08],
  [0x0e, 0x1f],
  [0x7f, 0x7f],
  [0x142, 0x142],
  [0x2d9, 0x2d9],
  [0x115f, 0x1160],
  [0x202e, 0x202e],
  [0x3164, 0x3164],
  [0xffa0, 0xffa0],
  [0xdde6, 0xddff],
];
const stops = '·•∙●‧⋅・◦⚫⚪';

// What an entry of the table holds besides the code of the letter.
const LETTER = 0x7f;
/** Counts as Latin, and is folded in any word. */
export const OWN = 0x80;
/** A common letter of a living script that only resembles the Latin one. */
export const RESEMBLES = 0x100;
/** A letter that is turned by 180 degrees: see upside-down.ts. */
export const TURNED = 0x200;
/** A sign that may stand for a full stop in a domain: see hidden-stops.ts. */
export const STOP = 0x400;
/** There is a letter. */
export const STANDS_FOR_LETTER = 0x800;
/** See rearrange.ts. */
export const REARRANGED = 0x1000;
/** A Greek, Cyrillic or Armenian letter that looks like no Latin one. */
export const GENUINE = 0x2000;
/** A Latin letter of ASCII. */
export const ASCII_LETTER = 0x4000;
/** It stands for a letter, and is not Greek, Cyrillic or Armenian. */
export const FONT = 0x8000;
const GROUP_SHIFT = 16;

/** Scripts; each is decided on by itself. */
export const LATIN = 0;
/** Greek, Cyrillic, Armenian: whole words may look Latin by chance. */
export const NATURAL = 1;
/** Chinese, Japanese, and signs of currencies and mathematics, which stand beside Latin letters by right. */
export const EAST_ASIAN = 2;
export const SIGNS = 3;
/** Latin letters with hooks and of phonetic script: some African languages have them. */
export const HOOKED = 4;
export const CANADIAN = 5;
export const CHEROKEE = 6;
export const LISU = 7;
export const COPTIC = 8;
export const ETHIOPIC = 9;
export const OTHER_SCRIPT = 10;
export const GROUPS = 11;

/** By code unit; 0 where it stands for nothing else. */
const entries = new Uint32Array(0x10000);

for (const [letters, latin] of natural)
  for (const [at, letter] of [...letters].entries())
    add(letter, latin.charCodeAt(at) | (NATURAL << GROUP_SHIFT));
for (const [at, letter] of [...own[0]].entries()) add(letter, own[1].charCodeAt(at) | OWN);
// A Korean letter that passes for a Japanese one.
add('\uffb6', 'M'.charCodeAt(0) | (EAST_ASIAN << GROUP_SHIFT));
for (const [latin, letters] of Object.entries(fontLetters))
  for (const letter of letters)
    add(letter, latin.charCodeAt(0) | (groupOf(letter.charCodeAt(0)) << GROUP_SHIFT));
for (const [latin, letters] of Object.entries(fontLetters))
  for (const letter of letters) {
    // Small letters of capitals that stand for one, and capitals of small ones.
    const upper = latin < 'a';
    const other = upper ? letter.toLowerCase() : letter.toUpperCase();
    if (other.length !== 1 || entries[other.charCodeAt(0)] !== 0 || other < '\u0080') continue;
    const shown = upper ? latin.toLowerCase() : latin.toUpperCase();
    add(other, shown.charCodeAt(0) | (groupOf(other.charCodeAt(0)) << GROUP_SHIFT));
  }
for (const [latin, letters] of Object.entries(resemblingLetters))
  for (const letter of letters) add(letter, latin.charCodeAt(0) | RESEMBLES | (NATURAL << GROUP_SHIFT));
for (const letter of 'abcdefghijklmnopqrstuvwxyz')
  for (const code of [letter.charCodeAt(0), letter.charCodeAt(0) - 32]) entries[code] = ASCII_LETTER;
for (let code = 0x370; code < 0x590; code++)
  if (entries[code] === 0 && isWordKind(kindOf(code))) entries[code] = GENUINE;
for (const [first, last] of rearranged)
  for (let code = first; code <= last; code++) entries[code]! |= REARRANGED;
for (const letter of turned) entries[letter.charCodeAt(0)]! |= TURNED;
for (const sign of stops) entries[sign.charCodeAt(0)]! |= STOP;

function add(character: string, entry: number): void {
  const isNatural = entry >> GROUP_SHIFT === NATURAL;
  entries[character.charCodeAt(0)] = entry | STANDS_FOR_LETTER | (isNatural ? 0 : FONT);
}

/** What a code unit stands for, with the flags above; 0 for most. */
export function entryOf(code: number): number {
  return entries[code]!;
}

/** Whether folding may find something in a text with these flags: of Greek or Cyrillic alone nothing is folded. */
export function mayBeFolded(flags: number): boolean {
  if ((flags & TURNED) !== 0) return true;
  if ((flags & STANDS_FOR_LETTER) === 0) return false;
  return (flags & GENUINE) === 0 || (flags & (ASCII_LETTER | FONT)) !== 0;
}

/** The code of the Latin letter of an entry, 0 where there is none. */
export function letterOf(entry: number): number {
  return entry & LETTER;
}

export function groupOfEntry(entry: number): number {
  return entry >> GROUP_SHIFT;
}

/** The script of a letter, as far as it is distinguished here. */
export function groupOf(code: number): number {
  if (code < 0x180) return isWordKind(kindOf(code)) ? LATIN : SIGNS;
  if (code < 0x370) return HOOKED;
  if (code < 0x590) return NATURAL;
  if (code >= 0x1200 && code < 0x13a0) return ETHIOPIC;
  if ((code >= 0x13a0 && code < 0x1400) || (code >= 0xab70 && code < 0xabc0)) return CHEROKEE;
  if (code >= 0x1400 && code < 0x1680) return CANADIAN;
  if (code >= 0x1d00 && code < 0x1f00) return HOOKED;
  if (code >= 0x1f00 && code < 0x2000) return NATURAL;
  if (code >= 0x2c60 && code < 0x2c80) return HOOKED;
  if (code >= 0x2c80 && code < 0x2d00) return COPTIC;
  if (code >= 0x2000 && code < 0x2c00) return SIGNS;
  if ((code >= 0x2e80 && code < 0xa4d0) || code === 0x1103 || code >= 0xff61) return EAST_ASIAN;
  if (code >= 0xa4d0 && code < 0xa500) return LISU;
  if (code >= 0xa720 && code < 0xab70) return HOOKED;
  return OTHER_SCRIPT;
}

/** The letter itself where it looks like no Latin one. Of Chinese and Japanese ones none does by itself. */
export function latinLookAlike(character: string): string {
  const entry = entries[character.charCodeAt(0)]!;
  const latin = entry & LETTER;
  const group = entry >> GROUP_SHIFT;
  if (latin === 0 || (entry & RESEMBLES) !== 0 || group === EAST_ASIAN || group === SIGNS) return character;
  return String.fromCharCode(latin);
}
