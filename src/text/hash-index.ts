const MIN_CAPACITY = 64;
/** Ints of a slot: both halves of the hash, the value plus one (0 where empty), nothing; so none lies across a line of the cache. */
const STRIDE = 4;

/** From a 64-bit hash to a number, by open addressing in one typed array, at most half full. */
export class HashIndex {
  #slots: Int32Array;
  /** Slots minus one; slots are a power of two. */
  #mask: number;
  #size = 0;

  /** `expected` entries fit without growing. */
  constructor(expected = 0) {
    let capacity = MIN_CAPACITY;
    while (capacity < expected * 2) capacity *= 2;
    this.#slots = new Int32Array(capacity * STRIDE);
    this.#mask = capacity - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** The value kept for this hash, or -1. */
  find(high: number, low: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = home(high, low) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * STRIDE;
      const value = slots[at + 2]!;
      if (value === 0) return -1;
      if (slots[at] === high && slots[at + 1] === low) return value - 1;
    }
  }

  /** Keeps `value` (≥ 0) for a hash that is not there yet. */
  insert(high: number, low: number, value: number): void {
    if ((this.#size + 1) * 2 > this.#mask + 1) this.#grow();
    this.#place(high, low, value + 1);
    this.#size++;
  }

  #place(high: number, low: number, kept: number): void {
    const slots = this.#slots;
    let slot = home(high, low) & this.#mask;
    while (slots[slot * STRIDE + 2] !== 0) slot = (slot + 1) & this.#mask;
    slots[slot * STRIDE] = high;
    slots[slot * STRIDE + 1] = low;
    slots[slot * STRIDE + 2] = kept;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#slots.length / STRIDE - 1;
    for (let at = 0; at < old.length; at += STRIDE)
      if (old[at + 2] !== 0) this.#place(old[at]!, old[at + 1]!, old[at + 2]!);
  }
}

/** Spreads the hash, whose low bits know little of the characters that came first. */
function home(high: number, low: number): number {
  let mixed = high ^ Math.imul(low, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}
