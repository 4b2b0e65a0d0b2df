import { DIGIT, isLetterKind, isWordKind, kindOf, SPACE } from './character-kinds.ts';
import { disguiseBit } from './disguise.ts';
import type { Edits } from './edits.ts';
import { plainLetter } from './leet.ts';
import { isCommonEnding } from './top-level-domains.ts';

const SPACED = disguiseBit('spaced');
const DOTTED = disguiseBit('dotted');
const HIDDEN_LINK = disguiseBit('hidden-link');

/** Fewer letters in a row may be an abbreviation, or initials. */
const MIN_LETTERS = 4;
/** What stands between two letters of a word is at most this long. */
const MAX_GAP = 8;

// What stands between two words of one letter.
const SPACES = 0;
/** Signs without a space, or signs that nobody puts between words, with or without one. */
const SIGNS = 1;
/** A full stop with spaces around. */
const LONE_STOP = 2;
/** A comma with a space, a new line, and whatever else may part words by right. */
const BREAK = 3;

/**
 * Joins words that were written letter by letter: `f r e e`, `f.r.e.e`, `f*r*e*e`, and endings of domains, which may be
 * shorter, where signs part them from each other and from what stands before: `site 18++n++e+++t+++`. Without clear
 * evidence nothing is joined.
 */
export function joinLetters(text: string, edits: Edits): number {
  let undone = 0;
  let places: number[] = [];
  const close = () => {
    if (places.length >= 3) undone |= joinRun(text, places, edits);
    places = [];
  };
  let i = 0;
  while (i < text.length) {
    if (!isWordUnit(text, i)) {
      i++;
      continue;
    }
    const start = i;
    while (i < text.length && (isWordUnit(text, i) || isApostrophe(text, i))) i++;
    const last = places.at(-1);
    if (last !== undefined && (start - last - 1 > MAX_GAP || gapOf(text, last, start) === BREAK)) close();
    if (i - start === 1) places.push(start);
    else close();
  }
  close();
  return undone;
}

function joinRun(text: string, places: readonly number[], edits: Edits): number {
  const gaps = gapsOf(text, places);
  const bySigns = gaps.filter((gap) => gap === SIGNS).length > gaps.filter((gap) => gap === SPACES).length;
  const ending = joinEnding(text, places, bySigns, edits);
  if (ending !== 0) return ending;
  if (!bySigns) return isEvident(text, places) ? joinSpaced(text, places, gaps, edits) : 0;
  // `f.r.e.e n.o.w`: each word by itself, but one that is evident speaks for its neighbours.
  const words: number[][] = [[places[0]!]];
  for (let k = 0; k < gaps.length; k++) {
    if (gaps[k] === SPACES) words.push([]);
    words.at(-1)!.push(places[k + 1]!);
  }
  if (!words.some((word) => isEvident(text, word))) return 0;
  let undone = 0;
  for (const word of words) if (word.length > 1) undone |= joinFilled(text, word, edits);
  return undone;
}

/** `f r e e   m o n e y`: the narrowest gap is within words, a wider one between them. */
function joinSpaced(text: string, places: readonly number[], gaps: readonly number[], edits: Edits): number {
  let narrow = MAX_GAP;
  for (let k = 0; k < gaps.length; k++)
    if (gaps[k] === SPACES) narrow = Math.min(narrow, places[k + 1]! - places[k]! - 1);
  const pieces = [text[places[0]!]!];
  let stop = false;
  for (let k = 0; k < gaps.length; k++) {
    const gap = text.slice(places[k]! + 1, places[k + 1]!);
    if (gaps[k] === SPACES) {
      if (gap.length > narrow) pieces.push(' ');
    } else if (gap.includes('.')) {
      pieces.push('.');
      stop = true;
    } else {
      pieces.push(gap);
    }
    pieces.push(text[places[k + 1]!]!);
  }
  return finish(pieces.join(''), stop, places, SPACED, edits);
}

/** `f.r.e.e`, `f*r*e*e.c*o*m`: the usual sign falls away; a full stop among others stays one. */
function joinFilled(text: string, places: readonly number[], edits: Edits): number {
  let stops = 0;
  for (let k = 0; k + 1 < places.length; k++) if (isStop(text, places[k]!, places[k + 1]!)) stops++;
  const keepsStops = stops * 2 < places.length - 1;
  const pieces = [text[places[0]!]!];
  let stop = false;
  for (let k = 0; k + 1 < places.length; k++) {
    const lone = gapOf(text, places[k]!, places[k + 1]!) === LONE_STOP;
    if (lone || (keepsStops && isStop(text, places[k]!, places[k + 1]!))) {
      pieces.push('.');
      stop = true;
    }
    pieces.push(text[places[k + 1]!]!);
  }
  return finish(pieces.join(''), stop, places, DOTTED, edits);
}

function finish(joined: string, stop: boolean, places: readonly number[], bit: number, edits: Edits): number {
  const word = stop ? joined : withEnding(joined);
  edits.replace(places[0]!, places.at(-1)! + 1, word);
  return stop || word !== joined ? bit | HIDDEN_LINK : bit;
}

/** `c,,,0...m` after a word and signs, or `. c o m`: the letters of an ending, which go on the word before them. */
function joinEnding(text: string, places: readonly number[], bySigns: boolean, edits: Edits): number {
  if (places.length > 4) return 0;
  const letters = places.map((place) => plainLetter(text[place]!)).join('');
  if (!isCommonEnding(letters)) return 0;
  let before = places[0]!;
  while (before > edits.end && places[0]! - before < MAX_GAP && !isWordUnit(text, before - 1)) before--;
  const gap = text.slice(before, places[0]!);
  if (
    before === 0 ||
    before < edits.end ||
    !isWordUnit(text, before - 1) ||
    gap.trim() === '' ||
    gap.includes('\n')
  )
    return 0;
  if (!bySigns && !gap.includes('.')) return 0;
  // `site 18++n++e++t`: the number belongs to the name.
  let number = before;
  while (number > edits.end && before - number < 5 && kindOf(text.charCodeAt(number - 1)) === DIGIT) number--;
  const apart = number < before && number >= 2 && text[number - 1] === ' ' && number - 1 > edits.end;
  if (apart && isWordUnit(text, number - 2)) edits.replace(number - 1, number, '');
  let end = places.at(-1)! + 1;
  const filler = text[places.at(-1)! - 1];
  if (bySigns) while (end < text.length && text[end] === filler && end - places.at(-1)! <= MAX_GAP) end++;
  edits.replace(before, end, `.${letters}`);
  return HIDDEN_LINK;
}

function isEvident(text: string, places: readonly number[]): boolean {
  if (places.length < MIN_LETTERS) return false;
  const first = text[places[0]!]!.toLowerCase();
  let letters = 0;
  let same = 0;
  for (const place of places) {
    if (isLetterKind(kindOf(text.charCodeAt(place)))) letters++;
    if (text[place]!.toLowerCase() === first) same++;
  }
  // `x x x x` are kisses, and `1 2 3 4 a` is a list.
  return letters >= 3 && letters * 2 > places.length && same < places.length;
}

/** `funsitecom` → `funsite.com`; `funsitedotcom` likewise. */
function withEnding(word: string): string {
  const lower = word.toLowerCase();
  for (const length of [3, 4]) {
    if (word.length < length + 4 || !isCommonEnding(lower.slice(-length))) continue;
    const name = lower.endsWith('dot', word.length - length)
      ? word.slice(0, -length - 3)
      : word.slice(0, -length);
    return `${name}.${word.slice(-length)}`;
  }
  return word;
}

function isStop(text: string, from: number, to: number): boolean {
  return text.slice(from + 1, to) === '.';
}

function gapsOf(text: string, places: readonly number[]): number[] {
  const gaps: number[] = [];
  for (let k = 0; k + 1 < places.length; k++) gaps.push(gapOf(text, places[k]!, places[k + 1]!));
  return gaps;
}

/** What stands between the words of one letter at `from` and `to`. */
function gapOf(text: string, from: number, to: number): number {
  let spaces = 0;
  let stops = 0;
  let parting = 0;
  for (let i = from + 1; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return BREAK;
    if (kindOf(code) === SPACE) spaces++;
    else if (code === 46) stops++;
    else if (/[,;:!?&/()=]/.test(text[i]!)) parting++;
  }
  const size = to - from - 1;
  if (spaces === size) return SPACES;
  if (spaces === 0) return parting === size && size === 1 && text[from + 1] !== ',' ? BREAK : SIGNS;
  if (stops > 0 && stops + spaces === size) return LONE_STOP;
  return parting > 0 ? BREAK : SIGNS;
}

function isWordUnit(text: string, i: number): boolean {
  return isWordKind(kindOf(text.charCodeAt(i)));
}

function isApostrophe(text: string, i: number): boolean {
  return text.charCodeAt(i) === 39 && i + 1 < text.length && isWordUnit(text, i + 1);
}
