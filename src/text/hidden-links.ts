import { isWordKind, kindOf } from './character-kinds.ts';
import { disguiseBit } from './disguise.ts';
import type { Edits } from './edits.ts';
import { isCommonEnding, isPlainEnding } from './top-level-domains.ts';
import { Work, workOf } from './work.ts';

const HIDDEN_LINK = disguiseBit('hidden-link');

/** Spaces that may stand on either side of a full stop that is hidden. */
const MAX_SPACES = 3;
const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };

/**
 * Puts addresses together that were taken apart: `hxxp://`, `example [dot] com`, `example(.)com`, `example dot com`,
 * `example . com`, `example,com`. Ends where `work` does.
 */
export function readHiddenLinks(text: string, edits: Edits, work: Work = new Work()): number {
  const before = edits.size;
  for (let i = 0; i < text.length && !work.isExhausted; i++) {
    switch (text.charCodeAt(i)) {
      case 91: // [
      case 40: // (
      case 123: // {
      case 60: // <
        if (work.spend(workOf.hiddenStop)) readBracket(text, i, edits);
        break;
      case 46: // .
      case 44: // ,
        if (work.spend(workOf.hiddenStop)) readLoneStop(text, i, edits);
        break;
      case 100: // d
      case 68: // D
        readDotWord(text, i, edits);
        break;
      case 104: // h
      case 72: // H
        readScheme(text, i, edits);
        break;
    }
  }
  return edits.size > before ? HIDDEN_LINK : 0;
}

/** `[dot]`, `(.)`, `[:]` and the like between two words. */
function readBracket(text: string, i: number, edits: Edits): void {
  if (i < edits.end) return;
  let at = afterSpaces(text, i + 1);
  let sign = '.';
  if (text.slice(at, at + 3).toLowerCase() === 'dot') at += 3;
  else if (text[at] === '.' || text[at] === ',') at++;
  else if (text[at] === ':') {
    sign = ':';
    at++;
    if (text.startsWith('//', at)) {
      sign = '://';
      at += 2;
    }
  } else return;
  at = afterSpaces(text, at);
  if (text[at] !== closing[text[i]!]) return;
  const start = beforeSpaces(text, i, edits.end);
  const end = afterSpaces(text, at + 1);
  const follows = isWordAt(text, end) || (sign === ':' && text.startsWith('//', end));
  if (isWordAt(text, start - 1) && start > edits.end && follows) edits.replace(start, end, sign);
}

/** A full stop with spaces, or a comma without, before a common ending. */
function readLoneStop(text: string, i: number, edits: Edits): void {
  if (i < edits.end) return;
  const comma = text[i] === ',';
  const start = beforeSpaces(text, i, edits.end);
  const end = afterSpaces(text, i + 1);
  if (start <= edits.end || !isWordAt(text, start - 1)) return;
  if (comma ? end !== i + 1 || start !== i : end === i + 1 && start === i) return;
  const letters = wordAt(text, end);
  // After `. ` a sentence may begin with `info` or `net`; nobody leaves a space before the full stop by chance.
  const known =
    start < i && !comma
      ? isCommonEnding(letters.toLowerCase()) || isCountryEnding(text, start, end, letters)
      : /^(?:com|net|org)$/.test(letters);
  if (known) edits.replace(start, end, '.');
}

/** `example . co.uk`, `example.co . uk`: a country after what stands before one in a domain. */
function isCountryEnding(text: string, start: number, end: number, letters: string): boolean {
  if (!/^[a-z]{2,3}$/i.test(letters)) return false;
  if (/^(?:co|com|org|net|ac|gov) ?\. ?[a-z]{2}(?![a-z\d])/i.test(text.slice(end, end + 9))) return true;
  return (
    letters.length === 2 &&
    /[a-z\d]\.(?:co|com|org|net|ac|gov)$/i.test(text.slice(Math.max(0, start - 5), start))
  );
}

/** ` dot ` between a word and an ending. */
function readDotWord(text: string, i: number, edits: Edits): void {
  if (
    (text[i + 1] !== 'o' && text[i + 1] !== 'O') ||
    i < edits.end ||
    text.slice(i, i + 3).toLowerCase() !== 'dot'
  )
    return;
  const start = beforeSpaces(text, i, edits.end);
  const end = afterSpaces(text, i + 3);
  if (start === i || end === i + 3 || start <= edits.end || !isWordAt(text, start - 1)) return;
  if (/(?:^|[^a-z])(?:the|a)$/i.test(text.slice(Math.max(0, start - 4), start))) return;
  const letters = wordAt(text, end).toLowerCase();
  if (isCommonEnding(letters) || (letters.length === 2 && isPlainEnding(letters) && /[a-z]{2}/.test(letters)))
    edits.replace(start, end, '.');
}

/** `hxxp://`, `h**p://`. */
function readScheme(text: string, i: number, edits: Edits): void {
  if (i < edits.end || (i > 0 && isWordAt(text, i - 1))) return;
  if (text[i + 3] !== 'p' && text[i + 3] !== 'P') return;
  const scheme = text.slice(i, i + 8).toLowerCase();
  if (/^h(?!tt)[tx*]{2}ps?(?::\/\/|\[:)/.test(scheme)) edits.replace(i + 1, i + 3, 'tt');
}

/** Up to one letter more than the longest ending that is looked for. */
function wordAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && end - start <= 5 && isWordAt(text, end)) end++;
  return text.slice(start, end);
}

function afterSpaces(text: string, from: number): number {
  let i = from;
  while (i < from + MAX_SPACES && text[i] === ' ') i++;
  return i;
}

function beforeSpaces(text: string, from: number, floor: number): number {
  let i = from;
  while (i > floor && i > from - MAX_SPACES && text[i - 1] === ' ') i--;
  return i;
}

function isWordAt(text: string, i: number): boolean {
  return i >= 0 && i < text.length && isWordKind(kindOf(text.charCodeAt(i)));
}
