/** A typed array that is filled from the left and grows by half. */
export class GrowingArray<T extends Int32Array | Float32Array | Int8Array> {
  readonly #make: (length: number) => T;
  #values: T;
  #length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#values = make(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = this.#make(Math.ceil(this.#length * 1.5));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  /** A view of what was pushed; valid until the next push. */
  values(): T {
    return this.#values.subarray(0, this.#length) as T;
  }
}
