/**
 * Remembers what a pure function gave for a text, for at most `most` texts: when there are more, it begins again. So memory stays bounded
 * whatever is sent, and the answer does not depend on what is remembered.
 */
export class BoundedCache<T> {
  readonly #known = new Map<string, T>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string, make: () => T): T {
    const known = this.#known.get(key);
    if (known !== undefined || this.#known.has(key)) return known as T;
    const made = make();
    if (this.#known.size >= this.#most) this.#known.clear();
    this.#known.set(key, made);
    return made;
  }
}
