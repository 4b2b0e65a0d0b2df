import { languageMarkers } from './language-markers.ts';

/** In place of the bits of a word that is long or has digits. */
export const NOT_LOOKED_UP = -1;
/** The languages that are known here; a bit stands for each. */
export const tongues: readonly string[] = [...languageMarkers.keys()];
/** Of a word with ä, ö, ü or ß that is no marker: German has one in three words, Turkish and Swedish would show by other words. */
const GERMAN_LETTER = 1 << tongues.indexOf('de');

/** By marker, a bit for each language that has it. */
const bits = new Map<string, number>();
let longest = 0;
for (const [at, tongue] of tongues.entries())
  for (const word of languageMarkers.get(tongue)!) {
    bits.set(word, (bits.get(word) ?? 0) | (1 << at));
    longest = Math.max(longest, word.length);
  }

/** A bit for each language that the word, in lower case, of letters and apostrophes, speaks for. */
export function tonguesOfWord(word: string): number {
  const found = word.length <= longest ? bits.get(word) : undefined;
  return found ?? (hasGermanLetter(word) ? GERMAN_LETTER : 0);
}

function hasGermanLetter(word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code === 0xe4 || code === 0xf6 || code === 0xfc || code === 0xdf) return true;
  }
  return false;
}
