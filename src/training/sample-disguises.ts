import type { SeededRandom } from './seeded-random.ts';

const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  e: 'е',
  o: 'о',
  p: 'р',
  x: 'х',
  i: 'і',
};
const DIGITS: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5' };
const INVISIBLE = ['\u200b', '\u200d', '\u2060', '\u00ad', '\ufeff'];

/** One of the ways in which senders hide words from a filter, put on the whole text or on single words of it. */
export function disguise(text: string, random: SeededRandom): string {
  const way = random.pick([invisible, fullWidth, lookAlike, marked, spaced, dotted, digits]);
  return way(text, random);
}

function invisible(text: string, random: SeededRandom): string {
  return eachLetter(text, (c) => (random.next() < 0.25 ? c + random.pick(INVISIBLE) : c));
}

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
}

function lookAlike(text: string, random: SeededRandom): string {
  return eachLetter(text, (c) => (random.next() < 0.4 ? (LOOK_ALIKES[c] ?? c) : c));
}

function marked(text: string, random: SeededRandom): string {
  const mark = random.pick(['\u0335', '\u0332', '\u0336', '\u0323']);
  return eachLetter(text, (c) => c + mark);
}

function spaced(text: string, random: SeededRandom): string {
  return someWords(text, random, (word) => [...word].join(' '));
}

function dotted(text: string, random: SeededRandom): string {
  const filling = random.pick(['.', '-', '*', '_', '+']);
  return someWords(text, random, (word) => [...word].join(filling));
}

function digits(text: string, random: SeededRandom): string {
  return eachLetter(text, (c) => (random.next() < 0.5 ? (DIGITS[c] ?? c) : c));
}

function eachLetter(text: string, change: (letter: string) => string): string {
  return text.replace(/\p{L}/gu, change);
}

function someWords(text: string, random: SeededRandom, change: (word: string) => string): string {
  return text.replace(/\p{L}{4,}/gu, (word) => (random.next() < 0.4 ? change(word) : word));
}
