import { codeAt, isLetterKind, isWordKind, kindOf, SPACE } from './character-kinds.ts';
import type { Edits } from './edits.ts';
import { isKnownWord, LONGEST_KNOWN_WORD } from './known-words.ts';
import { obfuscationBit } from './obfuscation.ts';
import { Work, workOf } from './work.ts';

const MARKUP = obfuscationBit('markup');

/** Tags that only change how text looks. Those of links stay, as their address is evidence. */
const inlineTags: ReadonlySet<string> = new Set(
  'b i u s p q em tt br hr li ul ol td tr th h1 h2 h3 h4 del ins sub sup big font span small strong strike mark code bdi center div wbr table spoiler color size'.split(
    ' ',
  ),
);
/** Tags between which text stands on lines of its own. */
const blockTags: ReadonlySet<string> = new Set(
  'p br hr li ul ol td tr th h1 h2 h3 h4 div center table'.split(' '),
);
const LONGEST_TAG = 120;
/** What Markdown may mark up is looked at so far. */
const LONGEST_MARKED = 120;

const SIGNS = new Map([
  ['*'.charCodeAt(0), '*'],
  ['~'.charCodeAt(0), '~'],
  ['|'.charCodeAt(0), '|'],
  ['_'.charCodeAt(0), '_'],
  ['`'.charCodeAt(0), '`'],
]);

/**
 * Takes away markup from within and around words: tags and comments of HTML, BBCode, and the signs of Markdown where they come in pairs or a
 * known word comes of it. Blocks of code stay as they are. Ends where `work` does.
 */
export function readMarkup(text: string, edits: Edits, work: Work = new Work()): number {
  let undone = 0;
  /** A word is followed by tags, and nothing else yet. */
  let isOpen = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 60 || code === 91) {
      if (!work.spend(workOf.escape)) break;
      const tag = code === 60 ? htmlAt(text, i) : bbCodeAt(text, i, work);
      if (tag === null) continue;
      isOpen = i > 0 && (isWordAt(text, i - 1) || (isOpen && edits.end === i && edits.size > 0));
      edits.replace(i, tag.end, betweenWords(text, i, tag));
      if (isOpen && isWordAt(text, tag.end)) undone |= MARKUP;
      i = tag.end - 1;
    } else if (SIGNS.has(code)) {
      if (!work.spend(workOf.escape)) break;
      let end = i + 1;
      while (end < text.length && codeAt(text, end) === code) end++;
      const size = end - i;
      if (code === 96 && size >= 3) {
        // A block of code; what is behind the last sign of one that does not end is text.
        const close = text.indexOf('```', end);
        if (close < 0) return undone;
        i = close + 2;
        continue;
      }
      if (size <= 3 && i >= edits.end) undone |= readSigns(text, i, end, edits, work);
      i = end - 1;
    }
  }
  return undone;
}

interface Tag {
  readonly end: number;
  readonly isBlock: boolean;
}

/** A tag, or a comment within a word. */
function htmlAt(text: string, start: number): Tag | null {
  if (text.startsWith('<!--', start)) {
    const limit = Math.min(text.length, start + LONGEST_TAG);
    for (let i = start + 4; i + 2 < limit; i++)
      if (text.charCodeAt(i) === 45 && text.startsWith('-->', i))
        return start > 0 && isWordAt(text, start - 1) && isWordAt(text, i + 3)
          ? { end: i + 3, isBlock: false }
          : null;
    return null;
  }
  return tagAt(text, start, 62);
}

/** `<b>`, `</b>`, `<font color="red">`, `[b]`, `[color=red]`. */
function tagAt(text: string, start: number, close: number): Tag | null {
  let from = start + 1;
  if (codeAt(text, from) === 47) from++;
  let at = from;
  while (at - from < 8 && isWordAt(text, at)) at++;
  if (at === from) return null;
  const next = codeAt(text, at);
  if (next !== close && next !== 32 && next !== 47 && next !== 61) return null;
  const name = text.slice(from, at).toLowerCase();
  if (!inlineTags.has(name)) return null;
  while (at < text.length && at - start < LONGEST_TAG && codeAt(text, at) !== close) {
    const code = codeAt(text, at);
    if (code === 10 || code === 60 || code === 91) return null;
    at++;
  }
  if (codeAt(text, at) !== close) return null;
  return { end: at + 1, isBlock: blockTags.has(name) };
}

const bbTags = /^(?:b|i|u|s|em|sup|sub|size|font|color|center|spoiler|strike)$/;

function bbCodeAt(text: string, start: number, work: Work): Tag | null {
  const tag = tagAt(text, start, 93);
  if (tag === null) return null;
  const name = /^\[\/?([a-z]+)/i.exec(text.slice(start, start + 12))![1]!.toLowerCase();
  if (!bbTags.test(name)) return null;
  // `[i]` is an index, and a list has `[b]`: BBCode comes in pairs.
  if (codeAt(text, start + 1) === 47) return tag;
  const limit = Math.min(text.length, tag.end + LONGEST_MARKED);
  if (!work.spend((limit - tag.end) >> 2)) return null;
  for (let i = tag.end; i < limit; i++)
    if (text.charCodeAt(i) === 91 && text.slice(i, i + name.length + 3).toLowerCase() === `[/${name}]`)
      return tag;
  return null;
}

/** What is left of a tag that stands beside a space or a sign, or between blocks. */
function betweenWords(text: string, start: number, tag: Tag): string {
  if (!tag.isBlock) return '';
  return start === 0 || kindOf(codeAt(text, start - 1)) === SPACE ? '' : '\n';
}

/** A run of one sign at [start, end), beside a word. */
function readSigns(text: string, start: number, end: number, edits: Edits, work: Work): number {
  const before = start > 0 && isWordAt(text, start - 1);
  const after = isWordAt(text, end);
  if (!after) return 0;
  const size = end - start;
  const close = closingOf(text, start, end, work);
  if (!before) {
    // Around words; a single sign parts them well enough.
    if (close < 0) return 0;
    const behind = close + size;
    const inside = isWordAt(text, behind);
    // `**w**ord` hides a word, `**word**` only shows it.
    if (inside && !areLetters(text, end, close)) return 0;
    if (!inside && size === 1) return 0;
    if (inside && size === 1 && !isKnownJoined(text, start, end, close, behind)) return 0;
    edits.replace(start, end, '');
    edits.replace(close, behind, '');
    return inside ? MARKUP : 0;
  }
  if (!isLetterKind(kindOf(codeAt(text, start - 1))) || !isLetterKind(kindOf(codeAt(text, end)))) return 0;
  if (
    close >= 0 &&
    areLetters(text, end, close) &&
    (size > 1 || isKnownJoined(text, start, end, close, close + 1))
  ) {
    edits.replace(start, end, '');
    edits.replace(close, close + size, '');
    return MARKUP;
  }
  if (size !== 2 || !isKnownJoined(text, start, end, -1, -1)) return 0;
  edits.replace(start, end, '');
  return MARKUP;
}

/** Where the same signs stand again, after something that is no space; -1 where they don't, on the same line. */
function closingOf(text: string, start: number, end: number, work: Work): number {
  const size = end - start;
  const sign = codeAt(text, start);
  const limit = Math.min(text.length, end + LONGEST_MARKED);
  for (let i = end; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === 10) return -1;
    if (code !== sign) continue;
    let last = i + 1;
    while (last < text.length && codeAt(text, last) === sign) last++;
    if (last - i !== size) {
      if (!work.spend(last - i)) return -1;
    } else if (kindOf(codeAt(text, i - 1)) !== SPACE) return i;
    i = last - 1;
  }
  work.spend((limit - end) >> 2);
  return -1;
}

function areLetters(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++)
    if (!isLetterKind(kindOf(text.charCodeAt(i))) && text[i] !== "'") return false;
  return to > from;
}

/** Whether a known word comes of the letters around, without the signs at [start, end) and, if there are any, at [close, behind). */
function isKnownJoined(text: string, start: number, end: number, close: number, behind: number): boolean {
  let from = start;
  while (from > 0 && start - from < LONGEST_KNOWN_WORD && isLetterKind(kindOf(codeAt(text, from - 1))))
    from--;
  let to = close < 0 ? end : behind;
  const tail = to;
  while (to < text.length && to - tail < LONGEST_KNOWN_WORD && isLetterKind(kindOf(codeAt(text, to)))) to++;
  const inner = close < 0 ? '' : text.slice(end, close);
  if (inner.length > LONGEST_KNOWN_WORD) return false;
  // `w|o|n` within `g|e|w|o|n|n|e|n` is a word by chance.
  if (end - start === 1 && (text[from - 1] === text[start] || text[to] === text[start])) return false;
  const word = text.slice(from, start) + inner + text.slice(tail, to);
  return word.length > 2 && isKnownWord(word.toLowerCase());
}

function isWordAt(text: string, i: number): boolean {
  return i < text.length && isWordKind(kindOf(text.charCodeAt(i)));
}
