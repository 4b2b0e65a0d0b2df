const MIN_CAPACITY = 64;

/**
 * From a 64-bit hash to its place in the order of insertion, by open addressing, at most half full. A slot is 32 bits: some bits of the
 * hash and the place plus one (0 where empty), so that 16 of them are one line of the cache. The whole hashes stand apart in the order of
 * insertion: what was inserted first, which is what comes most often, lies together.
 */
export class HashIndex {
  #slots: Int32Array;
  /** Slots minus one; slots are a power of two. In a slot, these bits hold the place, the others are of the hash. */
  #mask: number;
  /** Both halves of the hash of each place. */
  #hashes: Int32Array;
  #size = 0;

  /** `expected` entries fit without growing. */
  constructor(expected = 0) {
    let capacity = MIN_CAPACITY;
    while (capacity < expected * 2) capacity *= 2;
    this.#slots = new Int32Array(capacity);
    this.#mask = capacity - 1;
    this.#hashes = new Int32Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** The place of this hash, or -1. */
  find(high: number, low: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    const mixed = mix(high, low);
    for (let at = mixed & mask; ; at = (at + 1) & mask) {
      const slot = slots[at]!;
      if (slot === 0) return -1;
      if (((slot ^ mixed) & ~mask) !== 0) continue;
      const place = (slot & mask) - 1;
      const hashes = this.#hashes;
      if (hashes[2 * place] === high && hashes[2 * place + 1] === low) return place;
    }
  }

  /**
   * Puts the place of each hash, or -1, into `places`. Much faster than `find` one by one: what the loop reads of memory does not hang
   * on what it read before, so the core waits for many lines of its cache at once.
   */
  findAll(highs: Int32Array, lows: Int32Array, count: number, places: Int32Array): void {
    const slots = this.#slots;
    const mask = this.#mask;
    const hashes = this.#hashes;
    for (let i = 0; i < count; i++) places[i] = slots[mix(highs[i]!, lows[i]!) & mask]!;
    for (let i = 0; i < count; i++) {
      const slot = places[i]!;
      if (slot === 0) {
        places[i] = -1;
        continue;
      }
      const high = highs[i]!;
      const low = lows[i]!;
      const place = (slot & mask) - 1;
      places[i] = hashes[2 * place] === high && hashes[2 * place + 1] === low ? place : this.find(high, low);
    }
  }

  /** Gives the next place to a hash that is not there yet. */
  insert(high: number, low: number): number {
    if ((this.#size + 1) * 2 > this.#mask + 1) this.#grow();
    const place = this.#size++;
    this.#hashes[2 * place] = high;
    this.#hashes[2 * place + 1] = low;
    this.#fill(place);
    return place;
  }

  #fill(place: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    const mixed = mix(this.#hashes[2 * place]!, this.#hashes[2 * place + 1]!);
    let at = mixed & mask;
    while (slots[at] !== 0) at = (at + 1) & mask;
    slots[at] = (mixed & ~mask) | (place + 1);
  }

  #grow(): void {
    const capacity = this.#slots.length * 2;
    const hashes = new Int32Array(capacity);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    this.#slots = new Int32Array(capacity);
    this.#mask = capacity - 1;
    for (let place = 0; place < this.#size; place++) this.#fill(place);
  }
}

/** Spreads the hash, whose low bits know little of the characters that came first. */
function mix(high: number, low: number): number {
  let mixed = high ^ Math.imul(low, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}
