import {
  codeAt,
  DIGIT,
  isLetterKind,
  isWordKind,
  kindOf,
  PAIR,
  SPACE,
  SYMBOL,
  TextKinds,
} from './character-kinds.ts';
import type { Edits } from './edits.ts';
import { JoinedLetters } from './joined-letters.ts';
import { isKnownWord, LONGEST_KNOWN_WORD } from './known-words.ts';
import { plainLetter } from './leet-characters.ts';
import { obfuscationBit } from './obfuscation.ts';
import { isCommonEnding } from './top-level-domains.ts';
import { Work, workOf } from './work.ts';

const SPACED = obfuscationBit('spaced');
const DOTTED = obfuscationBit('dotted');
const HIDDEN_LINK = obfuscationBit('hidden-link');

/** Fewer letters in a row may be an abbreviation, or initials. */
const MIN_LETTERS = 4;
/** What stands between two letters of a word is at most this long. */
const MAX_GAP = 8;
/** So many signs in a row may stand for letters of a word. */
const MAX_LEET_SIGNS = 2;

/** Single characters in a row of which the first may be the ending of a domain. */
const MAX_STRAY = 8;

/** ASCII signs that part words. */
const partingSigns = Uint8Array.from({ length: 128 }, (_, code) =>
  /[,;:!?&/()=@#"<>]/.test(String.fromCharCode(code)) ? 1 : 0,
);

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
 * evidence nothing is joined; where there is some, it also speaks for short words elsewhere in the text. Ends where `work` does.
 */
export function joinLetters(text: string, edits: Edits, work: Work = new Work()): number {
  const kinds = scanned.load(text);
  if (joinWholeText(text, kinds, edits)) return SPACED;
  const runs: number[][] = [];
  let places: number[] = [];
  const close = () => {
    for (const run of partsOf(text, places)) if (run.length >= 3) runs.push(run);
    places = [];
  };
  let i = 0;
  while (i < text.length) {
    if (!isWordKind(kinds[i]!)) {
      i++;
      continue;
    }
    const start = i;
    i = endOfWord(text, kinds, start);
    const last = places.at(-1);
    if (last !== undefined && (start - last - 1 > MAX_GAP || gapOf(text, last, start) === BREAK)) close();
    if (i - start === 1) {
      if (!work.spend(workOf.loneLetter)) break;
      places.push(start);
      continue;
    }
    // `c o u l d n't`: the letter before the apostrophe goes with those before it.
    if (places.length >= 3 && text[start + 1] === "'") places.push(start);
    close();
  }
  close();
  const evident = runs.some((run) => isEvident(text, run) && !isAbbreviation(text, run));
  let undone = 0;
  for (const run of runs) undone |= joinRun(text, run, evident, edits);
  return undone;
}

const scanned = new TextKinds();
const APOSTROPHE = 39;

/** The end of the word at `start`; the signs of `ca$h` and `c@$h` stand for letters and part nothing. */
function endOfWord(text: string, kinds: Uint8Array, start: number): number {
  let i = start;
  let piece = start;
  for (;;) {
    while (isWordKind(kinds[i]!) || (isWordKind(kinds[i + 1]!) && text.charCodeAt(i) === APOSTROPHE)) i++;
    if (kinds[i] === SPACE) return i;
    let next = i;
    while (next < text.length && next - i < MAX_LEET_SIGNS && isLeetSign(text, next)) next++;
    if (next === i || next >= text.length || !isWordKind(kinds[next]!)) return i;
    // `f$r$e$e`: the same sign between letter and letter is filling.
    const sign = text[i];
    const lone = i - piece === 1 && next - i === 1 && !isWordKind(kinds[next + 1]!);
    if (lone && (text[piece - 1] === sign || text[next + 1] === sign)) return i;
    piece = next;
    i = next;
  }
}

/**
 * `m o n e y p~l~e~a~s~e n o w`: where letters with spaces between meet letters with signs between, each is read by itself; a single
 * space between two of the latter parts nothing, since one speaks for the other.
 */
function partsOf(text: string, places: number[]): readonly number[][] {
  if (places.length < MIN_LETTERS) return [places];
  const gaps = gapsOf(text, places);
  const isTight = (k: number) => gaps[k] === SIGNS && !hasSpace(text, places[k]!, places[k + 1]!);
  const parts: number[][] = [];
  let from = 0;
  const cutAfter = (k: number) => {
    if (k + 1 > from) parts.push(places.slice(from, k + 1));
    from = k + 1;
  };
  for (let k = 0; k < gaps.length; k++) {
    const first = k;
    while (gaps[k] === SPACES) k++;
    if (k - first < 2) continue;
    if (isTight(first - 1) && isTight(first - 2)) cutAfter(first);
    if (isTight(k) && isTight(k + 1)) cutAfter(k - 1);
  }
  parts.push(places.slice(from));
  return parts;
}

/**
 * `F r e e   m o n e y !   N o w`: nearly every character stands alone, and gaps between words are wider than within them. Signs between
 * letters are characters too: `f . r . e . e   n . o . w` is `f.r.e.e n.o.w`, of which more can be read.
 */
function joinWholeText(text: string, kinds: Uint8Array, edits: Edits): boolean {
  let units = 0;
  let single = 0;
  let letterPairs = 0;
  let wordPairs = 0;
  let first = '';
  let varied = false;
  let narrow = Number.MAX_SAFE_INTEGER;
  let wide = 0;
  let gap = 1;
  let letterBefore = false;
  let wordBefore = false;
  /** Whether one sign stands after that word. */
  let signAfter = false;
  // So many units at most may stand beside others; what is left of the text can't make up for more.
  const mostBeside = text.length / 10;
  for (let i = 0; i < text.length; ) {
    const kind = kinds[i]!;
    if (kind === SPACE) {
      gap++;
      i++;
      continue;
    }
    const end = i + (kind === PAIR ? 2 : 1);
    units++;
    const letter = isLetterKind(kind);
    if (gap > 0 && (end >= text.length || kinds[end] === SPACE)) single++;
    else if (units - single > mostBeside) return false;
    const word = isWordKind(kind);
    if (word && wordBefore && gap > 0) {
      wordPairs += signAfter ? 2 : 1;
      if (letter || letterBefore) letterPairs++;
      narrow = Math.min(narrow, gap);
    }
    if (i > gap) wide = Math.max(wide, gap);
    if (letter) {
      if (first === '') first = text[i]!;
      else if (text[i] !== first) varied = true;
    }
    signAfter = !word && wordBefore && !signAfter;
    wordBefore = word || signAfter;
    if (!signAfter) letterBefore = letter;
    gap = 0;
    i = end;
  }
  if (
    !varied ||
    letterPairs < MIN_LETTERS ||
    wordPairs * 2 < units ||
    single * 10 < units * 9 ||
    wide <= narrow
  )
    return false;
  for (let i = 0; i < text.length; ) {
    if (kinds[i] !== SPACE) {
      i++;
      continue;
    }
    const start = i;
    while (i < text.length && kinds[i] === SPACE) i++;
    const between = text.slice(start, i);
    if (i - start <= narrow && !/[\n\r]/.test(between)) edits.replace(start, i, '');
    else if (between.includes('\n')) edits.replace(start, i, '\n');
    else edits.replace(start, i, ' ');
  }
  return true;
}

function joinRun(text: string, places: readonly number[], evident: boolean, edits: Edits): number {
  const gaps = gapsOf(text, places);
  const signs = gaps.filter((gap) => gap === SIGNS).length;
  const bySigns = signs > 1 && signs >= gaps.filter((gap) => gap === SPACES).length;
  // An ending may have a few single characters behind it.
  const sizes = places.length > MAX_STRAY ? [] : [places.length, 3, 4];
  for (const size of sizes) {
    if (size > places.length || (size < places.length && gaps[size - 1] === SIGNS)) continue;
    const ending = joinEnding(text, places.slice(0, size), bySigns, edits);
    if (ending === 0) continue;
    const rest = places.slice(size);
    return rest.length < 3 ? ending : ending | joinRun(text, rest, evident, edits);
  }
  if (!bySigns) {
    const spaces = gaps.filter((gap) => gap === SPACES).length;
    const clear =
      (spaces >= MIN_LETTERS - 1 && isEvident(text, places)) ||
      (spaces === gaps.length && isOneKnownWord(text, places) && (evident || !areSaidAlone(text, places)));
    return clear ? joinSpaced(text, places, gaps, edits) : 0;
  }
  // `f.r.e.e n.o.w`: each word by itself, but one that is evident speaks for its neighbours.
  const words: number[][] = [[places[0]!]];
  const tight = gaps.filter((gap, k) => gap === SIGNS && !hasSpace(text, places[k]!, places[k + 1]!)).length;
  for (let k = 0; k < gaps.length; k++) {
    // Where most signs stand without a space, one with a space is no filling.
    const parts = tight * 2 > signs && hasSpace(text, places[k]!, places[k + 1]!);
    if (gaps[k] === SIGNS && !parts) words.at(-1)!.push(places[k + 1]!);
    else if (gaps[k] === LONE_STOP && isCommonEnding(lettersUntilGap(text, places, gaps, k + 1)))
      words.at(-1)!.push(places[k + 1]!);
    else words.push([places[k + 1]!]);
  }
  const clear = words.some((word) => isEvident(text, word) && !isAbbreviation(text, word));
  let undone = 0;
  for (const word of words)
    if (word.length > 1 && (clear || isOneKnownWord(text, word))) undone |= joinFilled(text, word, edits);
  return undone;
}

/** `f.n.G.v.B`: full stops between consonants. */
function isAbbreviation(text: string, places: readonly number[]): boolean {
  return isStop(text, places[0]!, places[1]!) && /^[b-df-hj-np-tv-xz]+$/i.test(lettersAt(text, places));
}

/** Letters that are written alone, for a word or as an initial: three of them may be three words. */
function areSaidAlone(text: string, places: readonly number[]): boolean {
  return /^[abcdikmnoruxy]+$/i.test(lettersAt(text, places));
}

function hasSpace(text: string, from: number, to: number): boolean {
  return /\s/.test(text.slice(from + 1, to));
}

/** The letters from `from` on, as long as signs part them. */
function lettersUntilGap(
  text: string,
  places: readonly number[],
  gaps: readonly number[],
  from: number,
): string {
  let to = from;
  while (to < gaps.length && to - from < 4 && gaps[to] === SIGNS) to++;
  return lettersAt(text, places.slice(from, to + 1)).toLowerCase();
}

function lettersAt(text: string, places: readonly number[]): string {
  let letters = '';
  for (const place of places) letters += text[place]!;
  return letters;
}

/** Three letters or more that make a known word: `w*i*n`. */
function isOneKnownWord(text: string, places: readonly number[]): boolean {
  if (
    places.length < 3 ||
    places.length > LONGEST_KNOWN_WORD ||
    /[,;]/.test(text.slice(places[0], places.at(-1)))
  )
    return false;
  return isKnownWord(lettersAt(text, places).toLowerCase());
}

/** `f r e e   m o n e y`: the narrowest gap is within words, a wider one between them. Where all are alike, known words decide. */
function joinSpaced(text: string, places: readonly number[], gaps: readonly number[], edits: Edits): number {
  let narrow = MAX_GAP;
  for (let k = 0; k < gaps.length; k++)
    if (gaps[k] === SPACES) narrow = Math.min(narrow, places[k + 1]! - places[k]! - 1);
  let wide = false;
  const run = new JoinedLetters(text, places);
  for (let k = 0; k < gaps.length; k++) {
    const gap = run.between(k);
    if (gaps[k] !== SPACES) {
      if (!gap.includes('.')) run.put(k, gap);
      else run.putStop(k);
    } else if (gap.length > narrow) {
      run.put(k, ' ');
      wide = true;
    }
  }
  return SPACED | run.readWords(!wide) | run.writeTo(edits);
}

/** `f.r.e.e`, `f*r*e*e.c*o*m`: the usual sign falls away; a full stop among others stays one. */
function joinFilled(text: string, places: readonly number[], edits: Edits): number {
  let stops = 0;
  for (let k = 0; k + 1 < places.length; k++) if (isStop(text, places[k]!, places[k + 1]!)) stops++;
  const keepsStops = stops * 2 < places.length - 1;
  const run = new JoinedLetters(text, places);
  for (let k = 0; k + 1 < places.length; k++) {
    const lone = gapOf(text, places[k]!, places[k + 1]!) === LONE_STOP;
    if (lone || (keepsStops && isStop(text, places[k]!, places[k + 1]!))) run.putStop(k);
  }
  return DOTTED | run.readWords(false) | run.writeTo(edits);
}

/** `c,,,0...m` after a word and signs, or `. c o m`: the letters of an ending, which go on the word before them. */
function joinEnding(text: string, places: readonly number[], bySigns: boolean, edits: Edits): number {
  if (places.length > 4) return 0;
  const letters = places.map((place) => plainLetter(text.charCodeAt(place))).join('');
  if (!isCommonEnding(letters)) return 0;
  let before = places[0]!;
  while (before > edits.end && places[0]! - before < MAX_GAP && !isWordUnit(text, before - 1)) before--;
  const gap = text.slice(before, places[0]!);
  if (before === 0 || before < edits.end || !isWordUnit(text, before - 1) || gap.includes('\n')) return 0;
  // `site c++o++m`: the signs within speak for themselves.
  if (
    gap.trim() === '' ? !gapsOf(text, places).every((sign) => sign === SIGNS) : !bySigns && !gap.includes('.')
  )
    return 0;
  // `site 18++n++e++t`: the number belongs to the name.
  let number = before;
  while (number > edits.end && before - number < 5 && kindOf(codeAt(text, number - 1)) === DIGIT) number--;
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
  let same = true;
  for (const place of places) {
    if (isLetterKind(kindOf(codeAt(text, place)))) letters++;
    if (same && text[place]!.toLowerCase() !== first) same = false;
  }
  // `x x x x` are kisses, and `1 2 3 4 a` is a list.
  return letters >= 3 && letters * 2 > places.length && !same;
}

function isStop(text: string, from: number, to: number): boolean {
  return to - from === 2 && codeAt(text, from + 1) === 46;
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
  let symbols = 0;
  for (let i = from + 1; i < to; i++) {
    const code = text.charCodeAt(i);
    const kind = kindOf(code);
    if (code === 10 || code === 13) return BREAK;
    if (kind === SPACE) spaces++;
    else if (kind === SYMBOL || kind === PAIR) symbols++;
    else if (code === 46) stops++;
    else if (code < 128 && partingSigns[code] === 1) parting++;
  }
  const size = to - from - 1;
  if (spaces === size) return SPACES;
  if (spaces === 0) return parting === size && size === 1 && text[from + 1] !== ',' ? BREAK : SIGNS;
  if (symbols > 0) return BREAK;
  if (stops > 0 && stops + spaces === size) return LONE_STOP;
  return parting > 0 ? BREAK : SIGNS;
}

function isWordUnit(text: string, i: number): boolean {
  return isWordKind(kindOf(codeAt(text, i)));
}

function isLeetSign(text: string, i: number): boolean {
  const sign = text.charCodeAt(i);
  return sign === 64 || sign === 36 || sign === 33;
}
