import { everydayPairs } from './everyday-pairs-data.ts';
import { EverydaySketch } from './everyday-sketch.ts';
import { mix } from './mix.ts';

let sketch: EverydaySketch | undefined;

function opened(): EverydaySketch {
  sketch ??= new EverydaySketch(Uint8Array.from(atob(everydayPairs), (character) => character.charCodeAt(0)));
  return sketch;
}

/** Which share of everyday messages has this pair of words, by its hash. */
export function everydayShare(pair: number): number {
  return opened().share(pair);
}

/** The same of a single word, by its hash; 0 for words that are in fewer than {@link WORD_SHARE}. */
export function everydayWordShare(word: number): number {
  const share = opened().share(keyOfWord(word));
  return share < WORD_SHARE ? 0 : share;
}

/** Words of a smaller share are not in the sketch. */
export const WORD_SHARE = 5e-4;

/** Where the sketch has a word. */
export function keyOfWord(word: number): number {
  return mix(word ^ 0x7f4a7c15) >>> 0;
}
