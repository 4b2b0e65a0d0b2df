type Numbers = Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** A typed array that grows by half when it is full. */
export class GrowingArray<A extends Numbers> {
  readonly #make: (length: number) => A;
  #values: A;
  #length = 0;

  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#values = make(1024);
  }

  get length(): number {
    return this.#length;
  }

  /** With room behind the last that was added; another array after the next `add`. */
  get values(): A {
    return this.#values;
  }

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.#make(Math.ceil(this.#length * 1.5));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }
}

export const growing = {
  int32: () => new GrowingArray((length) => new Int32Array(length)),
  uint8: () => new GrowingArray((length) => new Uint8Array(length)),
  float64: () => new GrowingArray((length) => new Float64Array(length)),
};
