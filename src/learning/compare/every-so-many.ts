/**
 * A sample of a stream whose length is not known: every so many of it, evenly spread, always the same for the same stream. Holds twice as
 * many as it chooses.
 */
export class EverySoMany<T> {
  readonly #most: number;
  #kept: T[] = [];
  #stride = 1;
  #seen = 0;

  /** `most`: at least 1. */
  constructor(most: number) {
    this.#most = most;
  }

  add(item: T): void {
    if (this.#seen++ % this.#stride !== 0) return;
    this.#kept.push(item);
    if (this.#kept.length <= 2 * this.#most) return;
    this.#kept = this.#kept.filter((_, at) => at % 2 === 0);
    this.#stride *= 2;
  }

  /** At most so many as asked for; all where there are no more. */
  chosen(): readonly T[] {
    const { length } = this.#kept;
    if (length <= this.#most) return this.#kept;
    return Array.from({ length: this.#most }, (_, at) => this.#kept[Math.floor((at * length) / this.#most)]!);
  }
}
