/** Short names of characters that show nothing, or that turn the direction of what follows. */
const names: Readonly<Record<number, string>> = {
  0: 'NUL',
  7: 'BEL',
  8: 'BS',
  13: 'CR',
  27: 'ESC',
  173: 'SHY',
  847: 'CGJ',
  1564: 'ALM',
  4447: 'HF',
  4448: 'HF',
  6158: 'MVS',
  8203: 'ZWSP',
  8204: 'ZWNJ',
  8205: 'ZWJ',
  8206: 'LRM',
  8207: 'RLM',
  8232: 'LSEP',
  8233: 'PSEP',
  8234: 'LRE',
  8235: 'RLE',
  8236: 'PDF',
  8237: 'LRO',
  8238: 'RLO',
  8288: 'WJ',
  8294: 'LRI',
  8295: 'RLI',
  8296: 'FSI',
  8297: 'PDI',
  10240: 'BLANK',
  12644: 'HF',
  65279: 'BOM',
  65440: 'HF',
};

/** Of format, control, unassigned and private use, lone surrogates, line separators, and what fonts draw nothing for. */
const hidden = /[\p{Cf}\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const pictograph = /\p{Extended_Pictographic}|\p{Emoji_Modifier}/u;
const mark = /[\p{Mn}\p{Me}]/u;

/** `U+200B` */
export function codePointName(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** What a chip in place of a hidden character says: its short name, else its code point. */
export function hiddenName(codePoint: number): string {
  return names[codePoint] ?? codePointName(codePoint);
}

/**
 * Whether a reader would not see the character, or would see something else for it. Line feeds, tabs, and the joiners and selectors
 * within a pictograph are not: `before` and `after` are the characters beside it.
 */
export function isHidden(character: string, before = '', after = ''): boolean {
  if (character === '\n' || character === '\t' || !hidden.test(character)) return false;
  if (character === '\r') return after !== '\n';
  if (character === '\u{200D}')
    return !((pictograph.test(before) || isSelector(before)) && pictograph.test(after));
  if (isSelector(character)) return before === '' || /\s/.test(before) || hidden.test(before);
  return true;
}

function isSelector(character: string): boolean {
  return character === '\u{FE0F}' || character === '\u{FE0E}';
}

/** Marks over, under or through the character before. */
export function isMark(character: string): boolean {
  return mark.test(character) && !hidden.test(character);
}

/** Text of one line in which nothing is hidden, for names and table cells: each hidden character is written as `[U+200B]`. */
export function visibleLine(text: string, most = 200): string {
  const found: string[] = [];
  let before = '';
  let marks = 0;
  const characters = [...text.slice(0, most + 1)];
  for (const [index, character] of characters.entries()) {
    marks = isMark(character) ? marks + 1 : 0;
    if (/\s/.test(character)) found.push(' ');
    else if (isHidden(character, before, characters[index + 1]))
      found.push(`[${codePointName(character.codePointAt(0)!)}]`);
    else if (marks <= MOST_MARKS) found.push(character);
    before = character;
  }
  const isCut = text.length > most;
  return found.slice(0, isCut ? most : found.length).join('') + (isCut ? '…' : '');
}

/** More on one letter than any language has; what is beyond is counted, not drawn. */
export const MOST_MARKS = 3;
