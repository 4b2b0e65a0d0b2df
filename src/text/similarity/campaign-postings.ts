const HEADS = 2 ** 20;
/** Of one bucket, the newest ones: what is in more campaigns than that distinguishes none. */
const MAX_CHAIN = 256;

/** Which campaigns have a pair, roughly: pairs with the same lowest bits share a bucket. Eight bytes for each entry. */
export class CampaignPostings {
  readonly #heads = new Int32Array(HEADS).fill(-1);
  #next = new Int32Array(1024);
  #slots = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(pair: number, slot: number): void {
    if (this.#length === this.#next.length) {
      this.#next = grown(this.#next);
      this.#slots = grown(this.#slots);
    }
    const bucket = pair & (HEADS - 1);
    this.#next[this.#length] = this.#heads[bucket]!;
    this.#slots[this.#length] = slot;
    this.#heads[bucket] = this.#length++;
  }

  /** Calls `visit` with each slot of the bucket, the newest first; one may come again. */
  forEach(pair: number, visit: (slot: number) => void): void {
    let left = MAX_CHAIN;
    for (let at = this.#heads[pair & (HEADS - 1)]!; at >= 0 && left-- > 0; at = this.#next[at]!)
      visit(this.#slots[at]!);
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(array.length * 1.5));
  larger.set(array);
  return larger;
}
