import { isLetterKind, isWordKind, kindOf } from './character-kinds.ts';
import { disguiseBit } from './disguise.ts';
import type { Edits } from './edits.ts';
import { latinLookAlike } from './look-alikes.ts';

const LEET = disguiseBit('leet');

const letterOf: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Endings of domains with a digit in them; other names of domains keep their digits. */
const endings: Readonly<Record<string, string>> = { c0m: 'com', n3t: 'net', '0rg': 'org', inf0: 'info' };

/** `0ffer`, `hell0`: a number does not begin with 0 and go on with letters, and a vowel fits there. */
const zeroAtEdge = /^0[b-df-hj-np-tv-z][a-z]{2}|[a-z]{2}[b-df-hj-np-tv-z]0$/i;

/** Longer ones are codes. */
const MAX_WORD = 20;

/** A letter as it is meant, whatever stands for it, in lower case. */
export function plainLetter(character: string): string {
  return letterOf[character] ?? latinLookAlike(character).toLowerCase();
}

/**
 * Reads digits and signs inside words as the letters that they stand for: `m0ney`, `v1agra`, `ca$h`, `fr33`, `0ffer`. `gr8`, `b4u`,
 * `mp3`, `18s` and `2nite` stay; so does what is part of an address.
 */
export function readLeet(text: string, edits: Edits): number {
  let undone = 0;
  let i = 0;
  while (i < text.length) {
    const signFirst = text[i] === '$' && isLetterAt(text, i + 1) && isLetterAt(text, i + 2);
    if (!signFirst && !isWordAt(text, i)) {
      i++;
      continue;
    }
    const start = i++;
    while (i < text.length && (isWordAt(text, i) || isInnerSign(text, start, i))) i++;
    const word = text.slice(start, i);
    if (word.length > MAX_WORD || !/[\d@$!]/.test(word)) continue;
    const ending = text[start - 1] === '.' ? endings[word.toLowerCase()] : undefined;
    if (ending === undefined && (!isLeet(word) || isInAddress(text, start, i))) continue;
    undone |= LEET;
    edits.replace(start, i, ending ?? readWord(word));
  }
  return undone;
}

function readWord(word: string): string {
  let read = '';
  for (const character of word) read += letterOf[character] ?? character;
  return read;
}

function isLeet(word: string): boolean {
  let letters = 0;
  let others = 0;
  let inner = /^\$/.test(word);
  let run = 0;
  for (let i = 0; i < word.length; i++) {
    const character = word[i]!;
    if (isLetterKind(kindOf(word.charCodeAt(i)))) {
      letters++;
      // Between letters, and not `4` for the word: `b4u`, `go4it`.
      if (run > 0 && run < i) inner = true;
      run = 0;
      continue;
    }
    if (letterOf[character] === undefined || ++run > 2) return false;
    // `LS15HB` is a postcode.
    if (run === 2 && word[i - 1] !== character) return false;
    if (character === '4' && (isVowelAt(word, i - 1) || isVowelAt(word, i + 1))) return false;
    // `only1more`: two words and a number.
    if (/[145]/.test(character) && letters >= 4 && /^[a-z]{4}/i.test(word.slice(i + 1))) return false;
    others++;
  }
  if (letters < 2 && word.length > 3) return false;
  if (letters < others || letters === 0) return false;
  return inner || (others === 2 && /[a-z]{2}33$/i.test(word)) || (others === 1 && zeroAtEdge.test(word));
}

/** `$` between letters; `@` and `!` after one or two consonants, since `me@home` and `hi!how` are written by right. */
function isInnerSign(text: string, start: number, i: number): boolean {
  const sign = text[i];
  if (sign !== '@' && sign !== '$' && sign !== '!') return false;
  if (!isWordAt(text, i - 1) || !isLetterAt(text, i + 1)) return false;
  return sign === '$' || /^[b-df-hj-np-tv-z]{1,2}$/i.test(text.slice(start, i));
}

function isInAddress(text: string, start: number, end: number): boolean {
  const before = start > 0 ? text[start - 1]! : ' ';
  const after = end < text.length ? text[end]! : ' ';
  if (/[/=&_@#%+-]/.test(before) || /[/=&_@%+-]/.test(after)) return true;
  return (
    (before === '.' && start > 1 && isWordAt(text, start - 2)) ||
    (after === '.' && end + 1 < text.length && isWordAt(text, end + 1)) ||
    (after === ':' && text[end + 1] === '/')
  );
}

function isVowelAt(word: string, i: number): boolean {
  return i >= 0 && i < word.length && /[aeiou]/i.test(word[i]!);
}

function isWordAt(text: string, i: number): boolean {
  return isWordKind(kindOf(text.charCodeAt(i)));
}

function isLetterAt(text: string, i: number): boolean {
  return i < text.length && isLetterKind(kindOf(text.charCodeAt(i)));
}
