/** A random sample of a stream whose length is not known: each item is in it with the same probability (Vitter, 1985, algorithm R). */
export class Reservoir<T> {
  readonly #items: T[] = [];
  readonly #size: number;
  readonly #random: () => number;
  #seen = 0;

  /** `random`: from 0, and below 1. */
  constructor(size: number, random: () => number) {
    this.#size = size;
    this.#random = random;
  }

  add(item: T): void {
    this.#seen++;
    if (this.#items.length < this.#size) {
      this.#items.push(item);
      return;
    }
    const at = Math.floor(this.#random() * this.#seen);
    if (at < this.#size) this.#items[at] = item;
  }

  /** At most as many as its size. */
  get items(): readonly T[] {
    return this.#items;
  }
}
