import { EXAMPLE_CHARACTERS } from '../core/step-report.ts';

/** Characters of a text by which it is compared with other examples. */
const KEY_CHARACTERS = 40;
const SEED = 20_261_130;

/** A reservoir sample (Vitter 1985, algorithm R) in which no two texts begin alike; the same for the same texts. */
export class DiverseSample<T> {
  readonly #size: number;
  readonly #random: () => number;
  readonly #examples: { readonly key: string; readonly example: T }[] = [];
  readonly #keys = new Set<string>();
  #seen = 0;

  constructor(size: number, random: () => number = randomFrom(SEED)) {
    this.#size = size;
    this.#random = random;
  }

  offer(message: string, example: (message: string) => T): void {
    const { length } = this.#examples;
    const index = length < this.#size ? length : Math.floor(this.#random() * (this.#seen + 1));
    this.#seen++;
    if (index >= this.#size) return;
    const key = keyOf(message);
    // Of millions of copies of one text, one is shown.
    if (this.#keys.has(key)) return;
    const before = this.#examples[index];
    if (before !== undefined) this.#keys.delete(before.key);
    this.#keys.add(key);
    this.#examples[index] = { key, example: example(cut(message)) };
  }

  /** In no order. */
  drawn(): T[] {
    return this.#examples.map(({ example }) => example);
  }
}

/** What texts of one template share: their first letters, without case, digits and signs. */
function keyOf(message: string): string {
  const head = message.slice(0, 4 * KEY_CHARACTERS).toLowerCase();
  const letters = head.replaceAll(/[^\p{L}]+/gu, ' ').trim();
  return (letters === '' ? head : letters).slice(0, KEY_CHARACTERS);
}

function cut(message: string): string {
  if (message.length <= EXAMPLE_CHARACTERS) return message;
  // Not between the halves of a surrogate pair.
  const isHalf = /[\uD800-\uDBFF]/.test(message.charAt(EXAMPLE_CHARACTERS - 1));
  return message.slice(0, isHalf ? EXAMPLE_CHARACTERS - 1 : EXAMPLE_CHARACTERS);
}

/** Pseudo-random numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
