import { everydayPairs } from './everyday-pairs-data.ts';
import { EverydaySketch } from './everyday-sketch.ts';

let sketch: EverydaySketch | undefined;

/** Which share of everyday messages has this pair of words, by its hash. */
export function everydayShare(pair: number): number {
  sketch ??= new EverydaySketch(Uint8Array.from(atob(everydayPairs), (character) => character.charCodeAt(0)));
  return sketch.share(pair);
}
