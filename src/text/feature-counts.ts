const MIN_SLOTS = 512;

/** Ids and counts, as {@link FeatureCounts} has them, of one message. */
export interface CountedFeatures {
  readonly size: number;
  readonly ids: Int32Array;
  readonly counts: Float32Array;
}

/**
 * The features of one message: `ids[i]` stands `counts[i]` times, i < size; ids are distinct, in the order in which they
 * were first met. Used again for the next message after `clear()`; the arrays may be replaced by larger ones on `add`.
 */
export class FeatureCounts implements CountedFeatures {
  size = 0;
  ids: Int32Array = new Int32Array(MIN_SLOTS / 2);
  counts: Float32Array = new Float32Array(MIN_SLOTS / 2);
  /** Open addressing by id: place in `ids` plus one, 0 where empty. Small, so that it stays in the core's first cache. */
  #slots = new Int32Array(MIN_SLOTS);

  clear(): void {
    if (this.size * 4 < this.#slots.length) {
      const mask = this.#slots.length - 1;
      // Entries lie in unbroken chains from their home slot, so emptying from home to the first gap empties all.
      for (let i = 0; i < this.size; i++)
        for (let slot = home(this.ids[i]!) & mask; this.#slots[slot] !== 0; slot = (slot + 1) & mask)
          this.#slots[slot] = 0;
    } else {
      this.#slots.fill(0);
    }
    this.size = 0;
  }

  /** Counts the feature once more. */
  add(id: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = home(id) & mask;
    for (let at = slots[slot]!; at !== 0; at = slots[slot]!) {
      if (this.ids[at - 1] === id) {
        this.counts[at - 1]!++;
        return;
      }
      slot = (slot + 1) & mask;
    }
    if (this.size === this.ids.length) {
      this.#grow();
      this.add(id);
      return;
    }
    this.ids[this.size] = id;
    this.counts[this.size] = 1;
    slots[slot] = ++this.size;
  }

  #grow(): void {
    const length = this.ids.length * 2;
    const ids = new Int32Array(length);
    ids.set(this.ids);
    const counts = new Float32Array(length);
    counts.set(this.counts);
    this.ids = ids;
    this.counts = counts;
    const slots = new Int32Array(length * 2);
    const mask = slots.length - 1;
    for (let i = 0; i < this.size; i++) {
      let slot = home(ids[i]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = i + 1;
    }
    this.#slots = slots;
  }
}

/** Ids that are close together are far apart after this. */
function home(id: number): number {
  return Math.imul(id, 0x9e3779b1) >>> 15;
}
