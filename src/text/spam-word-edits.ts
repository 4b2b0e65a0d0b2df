import { confusableWords } from './confusable-words.ts';
import { spamWordRanks } from './spam-words.ts';

/** Shorter ones have too many neighbors. */
const SHORTEST = 4;
const LONGEST = 18;
/** From so many letters on, one edit from a word of spam is enough evidence. */
const SHORTEST_SURE = 5;

/** A word of spam that another is one edit away from. */
export interface OneEdit {
  readonly word: string;
  /** Whether it takes no evidence from the rest of the message. */
  readonly isSure: boolean;
}

const BASE = 0x01000193;
const TABLE_BITS = 16;
const EMPTY = -1;

/**
 * From the hash of what is left of a word of spam without one of its letters, and of the word, to the words. Two keys with the same hash
 * share their words: each is compared anyway.
 */
class Neighborhood {
  readonly #words: readonly string[];
  /** By slot: the key and the place of its first word in `#lists`, which -1 ends. */
  readonly #slotKeys = new Int32Array(1 << TABLE_BITS);
  readonly #places = new Int32Array(1 << TABLE_BITS).fill(EMPTY);
  /** By slot, a bit for whether there is one. */
  readonly #used = new Int32Array(1 << (TABLE_BITS - 5));
  readonly #lists: Int32Array;
  readonly #prefixes = new Int32Array(LONGEST + 2);
  /** Of the word that is looked for. */
  readonly #keys = new Int32Array(LONGEST + 3);

  /** `words` in the order in which they are returned. */
  constructor(words: readonly string[]) {
    this.#words = words;
    const byKey = new Map<number, number[]>();
    for (const [at, word] of words.entries())
      for (const key of new Set(this.#keys.subarray(0, this.#findKeys(word)))) {
        const list = byKey.get(key);
        if (list === undefined) byKey.set(key, [at]);
        else list.push(at);
      }
    const lists: number[] = [];
    for (const [key, list] of byKey) {
      let slot = slotOf(key);
      while (this.#places[slot] !== EMPTY) slot = (slot + 1) & (this.#places.length - 1);
      this.#slotKeys[slot] = key;
      this.#used[slot >> 5]! |= 1 << (slot & 31);
      this.#places[slot] = lists.length;
      lists.push(...list, EMPTY);
    }
    this.#lists = Int32Array.from(lists);
  }

  /** The place of the first of the words that is one edit from `word`, or -1. */
  find(word: string): number {
    const keys = this.#keys;
    const count = this.#findKeys(word);
    let best = EMPTY;
    for (let i = 0; i < count; i++) {
      const first = this.#firstOf(keys[i]!);
      if (first !== EMPTY) best = this.#better(word, first, best);
    }
    return best;
  }

  /** Where the list of this key begins, or -1. */
  #firstOf(key: number): number {
    let slot = slotOf(key);
    // Most slots are empty, and their bits fit into the core's first cache.
    if ((this.#used[slot >> 5]! & (1 << (slot & 31))) === 0) return EMPTY;
    for (; this.#places[slot] !== EMPTY; slot = (slot + 1) & (this.#places.length - 1))
      if (this.#slotKeys[slot] === key) return this.#places[slot]!;
    return EMPTY;
  }

  /** The lesser of `best` and the words of the list that are one edit from `word`. */
  #better(word: string, first: number, best: number): number {
    let found = best;
    for (let at = first; this.#lists[at] !== EMPTY; at++) {
      const candidate = this.#lists[at]!;
      if ((found === EMPTY || candidate < found) && isOneEdit(word, this.#words[candidate]!))
        found = candidate;
    }
    return found;
  }

  word(place: number): string {
    return this.#words[place]!;
  }

  /** Puts the hashes of the word and of what each deletion leaves of it into `#keys`; answers how many they are. */
  #findKeys(word: string): number {
    const prefixes = this.#prefixes;
    const keys = this.#keys;
    let hash = 0;
    for (let i = 0; i < word.length; i++) {
      prefixes[i] = hash;
      hash = (Math.imul(hash, BASE) + word.charCodeAt(i)) | 0;
    }
    let count = 0;
    keys[count++] = hash;
    let suffix = 0;
    let power = 1;
    for (let i = word.length - 1; i >= 0; i--) {
      keys[count++] = (Math.imul(prefixes[i]!, power) + suffix) | 0;
      suffix = (suffix + Math.imul(word.charCodeAt(i), power)) | 0;
      power = Math.imul(power, BASE);
    }
    return count;
  }
}

function slotOf(key: number): number {
  return Math.imul(key, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

let neighborhood: Neighborhood | null = null;

/**
 * The commonest word of spam that one edit makes of `word`, which is not a known word: a letter more, less or another, or two neighbors
 * swapped. `null` where there is none. The words are found by what one deletion leaves of both (the neighborhood of SymSpell).
 */
export function oneEditFrom(word: string): OneEdit | null {
  if (word.length < SHORTEST - 1 || word.length > LONGEST + 1) return null;
  neighborhood ??= new Neighborhood(
    [...spamWordRanks.keys()].filter((known) => known.length >= SHORTEST && known.length <= LONGEST),
  );
  const place = neighborhood.find(word);
  if (place < 0) return null;
  const found = neighborhood.word(place);
  return { word: found, isSure: found.length >= SHORTEST_SURE && !confusableWords.has(word) };
}

/** Whether one insertion, deletion, substitution or swap of neighbors makes `other` of `one`; they differ. */
function isOneEdit(one: string, other: string): boolean {
  const difference = other.length - one.length;
  if (difference < -1 || difference > 1) return false;
  let i = 0;
  while (i < one.length && one[i] === other[i]) i++;
  if (difference === 1) return one.slice(i) === other.slice(i + 1);
  if (difference === -1) return one.slice(i + 1) === other.slice(i);
  if (one.slice(i + 1) === other.slice(i + 1)) return true;
  return one[i] === other[i + 1] && one[i + 1] === other[i] && one.slice(i + 2) === other.slice(i + 2);
}
