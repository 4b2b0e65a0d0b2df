import { codeAt } from './character-kinds.ts';
import { isKnownWordAt, isWordInTrie, NO_NODE, stepInTrie, TRIE_ROOT } from './known-word-trie.ts';
import { LONGEST_KNOWN_WORD } from './known-words.ts';
import { latinLookAlike } from './look-alike-table.ts';

/** What is longer is no run of words. Keeps the time of one call below a bound. */
const MAX_LENGTH = 400;

/**
 * Where a word that was left of several, when the spaces between them were lost, may be parted: places in `joined`, ascending,
 * none where it is one word, or none that is known. `freemoney` → [4]. Prefers few and long words; at most half of
 * the letters may belong to none. `FreeMoney` is parted where a capital follows a small letter.
 */
export function splitWords(joined: string): readonly number[] {
  if (joined.length < 4 || joined.length > MAX_LENGTH) return [];
  // Look-alikes are only folded once the word stands by itself.
  const lower = joined.toLowerCase().replace(/[^\0-\u024f]/g, latinLookAlike);
  if (lower.length !== joined.length || isKnownWordAt(lower, 0, lower.length)) return [];
  const humps = humpsOf(joined);
  const cuts: number[] = [];
  for (let k = 0, from = 0; k <= humps.length; k++) {
    const to = humps[k] ?? joined.length;
    if (from > 0) cuts.push(from);
    cuts.push(...splitPart(lower.slice(from, to)).map((cut) => from + cut));
    from = to;
  }
  return cuts;
}

/** Where words begin by their capitals; none where capitals are strewn about. */
function humpsOf(joined: string): readonly number[] {
  const humps: number[] = [];
  for (const { index } of joined.matchAll(/(?<=\p{Ll}{2})\p{Lu}(?=\p{Ll}{2})/gu)) humps.push(index);
  return humps;
}

const LONG = 0;
const SHORT = 1;
const UNKNOWN = 2;
const LETTER_COST = 2.2;
const SHORT_COST = 1.5;
const WORD_COST = 1;
const UNKNOWN_COST = 3;
const UNKNOWN_LETTER_COST = 1;

/** The cheapest way to make `lower` of known words, numbers and unknown stretches. */
function splitPart(lower: string): readonly number[] {
  const size = lower.length;
  if (size < 4 || isKnownWordAt(lower, 0, size)) return [];
  const costs = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
  const starts = new Int32Array(size + 1);
  /** Letters of unknown stretches so far. */
  const unknown = new Int32Array(size + 1);
  costs[0] = 0;
  /** What ends there; an unknown stretch has no word beside it that is so short as to be part of it. */
  const kinds = new Uint8Array(size + 1);
  const reach = (from: number, to: number, cost: number, strange: number) => {
    const kind = strange > 0 ? UNKNOWN : to - from <= 2 ? SHORT : LONG;
    if (costs[from]! + cost >= costs[to]! || kinds[from]! + kind === UNKNOWN + SHORT) return;
    kinds[to] = kind;
    costs[to] = costs[from]! + cost;
    starts[to] = from;
    unknown[to] = unknown[from]! + strange;
  };
  for (let from = 0; from < size; from++) {
    const last = Math.min(size, from + LONGEST_KNOWN_WORD);
    const digit = isDigit(lower, from);
    let node = TRIE_ROOT;
    for (let to = from + 1; to <= last; to++) {
      if (digit) {
        if (!isDigit(lower, to - 1)) break;
        // A number is not parted.
        if (!isDigit(lower, to)) reach(from, to, WORD_COST, 0);
      } else if (node !== NO_NODE) {
        node = stepInTrie(node, codeAt(lower, to - 1));
        if (to - from === 1) {
          if (isLetterWord(codeAt(lower, from))) reach(from, to, LETTER_COST, 0);
        } else if (node !== NO_NODE && isWordInTrie(node)) {
          reach(from, to, to - from === 2 ? SHORT_COST : WORD_COST, 0);
        }
      }
      if (to - from >= 4 || (from === 0 && to === size))
        reach(from, to, UNKNOWN_COST + UNKNOWN_LETTER_COST * (to - from), to - from);
    }
  }
  if (!Number.isFinite(costs[size]!) || unknown[size]! * 2 > size) return [];
  const cuts: number[] = [];
  for (let at = starts[size]!; at > 0; at = starts[at]!) cuts.push(at);
  return cuts.reverse();
}

function isDigit(text: string, i: number): boolean {
  const code = codeAt(text, i);
  return code >= 48 && code <= 57;
}

/** Words of one letter that stand alone in messages: a, i, u. */
function isLetterWord(code: number): boolean {
  return code === 97 || code === 105 || code === 117;
}
