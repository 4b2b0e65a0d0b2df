import { codeAt, isWordKind, kindOf } from './character-kinds.ts';
import type { Edits } from './edits.ts';
import { readHiddenStop } from './hidden-stops.ts';
import { readNumericHost } from './numeric-hosts.ts';
import { obfuscationBit } from './obfuscation.ts';
import { isCommonEnding, isPlainEnding } from './top-level-domains.ts';
import { Work, workOf } from './work.ts';

const HIDDEN_LINK = obfuscationBit('hidden-link');

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
        readDotWord(text, i, edits, 'dot');
        break;
      case 112: // p
      case 80: // P
        readDotWord(text, i, edits, 'punkt');
        break;
      case 58: // :
        if (work.spend(workOf.hiddenStop)) readColon(text, i, edits);
        break;
      case 104: // h
      case 72: // H
        readScheme(text, i, edits);
        break;
      default:
        if (text.charCodeAt(i) >= 128) readHiddenStop(text, i, edits);
    }
  }
  return edits.size > before ? HIDDEN_LINK : 0;
}

/** `[dot]`, `(.)`, `[:]` and the like between two words. */
function readBracket(text: string, i: number, edits: Edits): void {
  if (i < edits.end) return;
  let at = afterSpaces(text, i + 1);
  let sign = '.';
  const word = stopWordAt(text, at);
  if (word > 0) at += word;
  else if (codeAt(text, at) === 46 || codeAt(text, at) === 44) at++;
  else if (codeAt(text, at) === 58) {
    sign = ':';
    at++;
    if (text.startsWith('//', at)) {
      sign = '://';
      at += 2;
    }
  } else return;
  at = afterSpaces(text, at);
  if (at >= text.length || text[at] !== closing[text[i]!]) return;
  const start = beforeSpaces(text, i, edits.end);
  const end = afterSpaces(text, at + 1);
  const follows = isWordAt(text, end) || (sign === ':' && text.startsWith('//', end));
  if (isWordAt(text, start - 1) && start > edits.end && follows) edits.replace(start, end, sign);
}

/** The length of a word for a full stop, 0 where there is none. */
function stopWordAt(text: string, at: number): number {
  if ((codeAt(text, at) | 32) !== 100 && (codeAt(text, at) | 32) !== 112) return 0;
  const word = text.slice(at, at + 5).toLowerCase();
  if (word.startsWith('dot') || word.startsWith('d0t')) return 3;
  return word === 'punkt' ? 5 : 0;
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
      : /^(?:com|net|org)$/.test(letters) || (comma && isHostAt(text, start, letters));
  if (known) edits.replace(start, end, '.');
}

/** `https://evil,co`: behind a scheme no list goes on. */
function isHostAt(text: string, comma: number, ending: string): boolean {
  if (!/^[a-z]{2,5}$/i.test(ending)) return false;
  return /https?:\/\/[\w.-]{1,60}$/i.test(text.slice(Math.max(0, comma - 70), comma));
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

/** ` dot ` or ` punkt ` between a word and an ending. */
function readDotWord(text: string, i: number, edits: Edits, word: string): void {
  if (
    codeAt(text, i - 1) !== 32 ||
    (codeAt(text, i + 1) | 32) !== codeAt(word, 1) ||
    i < edits.end ||
    text.slice(i, i + word.length).toLowerCase() !== word
  )
    return;
  const behind = i + word.length;
  const start = beforeSpaces(text, i, edits.end);
  const end = afterSpaces(text, behind);
  if (start === i || end === behind || start <= edits.end || !isWordAt(text, start - 1)) return;
  if (/(?:^|[^a-z])(?:the|a|der|dem|den|ein|am|im|zum)$/i.test(text.slice(Math.max(0, start - 4), start)))
    return;
  const letters = wordAt(text, end).toLowerCase();
  if (isCommonEnding(letters) || (letters.length === 2 && isPlainEnding(letters) && /[a-z]{2}/.test(letters)))
    edits.replace(start, end, '.');
}

/** `hxxp://`, `h**p://`. */
function readScheme(text: string, i: number, edits: Edits): void {
  if (i < edits.end || (i > 0 && isWordAt(text, i - 1))) return;
  if ((codeAt(text, i + 3) | 32) !== 112) return;
  const scheme = text.slice(i, i + 8).toLowerCase();
  if (/^h(?!tt)[tx*]{2}ps?(?::\/\/|\[:)/.test(scheme)) edits.replace(i + 1, i + 3, 'tt');
}

/** `http:\\\\evil.com`, `https : / / evil.com`; and hosts that are numbers. */
function readColon(text: string, i: number, edits: Edits): void {
  if (i < edits.end) return;
  const from = beforeSpaces(text, i, edits.end);
  const spaced = from < i || codeAt(text, i + 1) === 32;
  if (codeAt(text, i + 1) === 32 && codeAt(text, i + 2) === 92) return;
  const slash = afterSpaces(text, i + 1);
  const second = afterSpaces(text, slash + 1);
  if (!isSlash(text, slash) || !isSlash(text, second)) return;
  let end = second + 1;
  const plain = !spaced && end === i + 3 && codeAt(text, slash) === 47 && codeAt(text, second) === 47;
  if (!plain) {
    const scheme = text.slice(Math.max(edits.end, from - 6), from).toLowerCase();
    if (!/(?:^|[^a-z])https?$/.test(scheme)) return;
    end = afterSpaces(text, end);
    edits.replace(from, end, '://');
  }
  readNumericHost(text, end, edits);
}

function isSlash(text: string, i: number): boolean {
  const code = codeAt(text, i);
  return code === 47 || code === 92;
}

/** Up to one letter more than the longest ending that is looked for. */
function wordAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && end - start <= 5 && isWordAt(text, end)) end++;
  return text.slice(start, end);
}

function afterSpaces(text: string, from: number): number {
  let i = from;
  while (i < from + MAX_SPACES && codeAt(text, i) === 32) i++;
  return i;
}

function beforeSpaces(text: string, from: number, floor: number): number {
  let i = from;
  while (i > floor && i > from - MAX_SPACES && codeAt(text, i - 1) === 32) i--;
  return i;
}

function isWordAt(text: string, i: number): boolean {
  return i >= 0 && i < text.length && isWordKind(kindOf(text.charCodeAt(i)));
}
