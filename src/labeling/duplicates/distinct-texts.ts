import { writeTextHash } from '../../text/similarity/text-hash.ts';
import { growing } from './growing-array.ts';

/**
 * Numbers distinct texts from 0, by a hash of 64 bits (see text-hash.ts); the texts are not stored. Open addressing with linear probing:
 * 8 bytes a text, and 4 for each slot, of which up to three for one text.
 */
export class DistinctTexts {
  readonly #first = growing.int32();
  readonly #second = growing.int32();
  readonly #hash = new Int32Array(2);
  /** Number of a text, plus one; 0 where none is. */
  #slots = new Int32Array(4096);

  get count(): number {
    return this.#first.length;
  }

  /** The text's number: {@link DistinctTexts.count} from before the call where it was not there yet. */
  numberOf(text: string): number {
    writeTextHash(text, this.#hash);
    const first = this.#hash[0]!;
    const second = this.#hash[1]!;
    const mask = this.#slots.length - 1;
    let slot = first & mask;
    for (let found = this.#slots[slot]!; found !== 0; found = this.#slots[slot]!) {
      if (this.#first.values[found - 1] === first && this.#second.values[found - 1] === second)
        return found - 1;
      slot = (slot + 1) & mask;
    }
    const number = this.count;
    this.#first.add(first);
    this.#second.add(second);
    this.#slots[slot] = number + 1;
    if (this.count * 3 > this.#slots.length * 2) this.#grow();
    return number;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      let slot = this.#first.values[number]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.#slots = slots;
  }
}
