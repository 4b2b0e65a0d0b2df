import type { Featurizer, PreparedText } from '../text/featurizer.ts';
import { SeededRandom } from './seeded-random.ts';

/** Shorter messages are not cut: their parts are hardly ever scored. */
const SHORTEST_MESSAGE = 20;
const SHORTEST_PIECE = 6;
const LONGEST_PIECE = 40;
/** How often a message is cut, each time at other places. */
const TIMES = 2;

/**
 * A harmless message cut into pieces of 6 to 40 words, short ones more often, twice at different places; none of a short message.
 *
 * They are training rows of their own. A part of a long message is scored as if it were a message, and without such rows a model takes
 * the last lines of a newsletter, or a signature, for spam. The same message and number give the same pieces.
 */
export function hamPieces(featurizer: Featurizer, prepared: PreparedText, seed: number): PreparedText[] {
  const words = [...prepared.text.matchAll(/\S+/g)].map(({ index }) => index);
  if (words.length < SHORTEST_MESSAGE) return [];
  const random = new SeededRandom(seed);
  const pieces: PreparedText[] = [];
  for (let time = 0; time < TIMES; time++)
    for (let from = 0; from < words.length; ) {
      const drawn = SHORTEST_PIECE + Math.floor((LONGEST_PIECE - SHORTEST_PIECE) * random.next() ** 2);
      // No rest that is shorter than a piece.
      const to = from + drawn > words.length - SHORTEST_PIECE ? words.length : from + drawn;
      const end = to < words.length ? words[to]! : prepared.text.length;
      if (to - from < words.length) pieces.push(featurizer.part(prepared, words[from]!, end));
      from = to;
    }
  return pieces;
}
