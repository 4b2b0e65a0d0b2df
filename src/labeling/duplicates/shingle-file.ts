import type { Scratch, ScratchFile } from '../../ports/scratch.ts';
import type { Shingles } from '../../text/similarity/near-duplicates.ts';
import { growing } from './growing-array.ts';

/** Shingles that are gathered before they are written: 1 MiB. */
const GATHERED = 2 ** 18;
/** Texts that were read last, by the lowest bits of their number; of at most so many shingles each: 32 MiB in all. */
const CACHED = 2 ** 14;
const CACHED_LENGTH = 512;

/** The shingles of each distinct text, in a temporary file: 4 bytes for each distinct 4-gram there, 8 bytes a text in memory. */
export class ShingleFile {
  readonly #file: ScratchFile;
  readonly #gathered = new Uint32Array(GATHERED);
  #used = 0;
  /** Where each text ends, in shingles. */
  readonly #ends = growing.float64();
  readonly #cachedNumbers = new Int32Array(CACHED).fill(-1);
  readonly #cached: Shingles[] = [];
  #bytes = 0;

  constructor(scratch: Scratch) {
    this.#file = scratch.open();
  }

  /** Of the text with the next number. */
  add(shingles: Shingles): void {
    const { length } = this.#ends;
    this.#ends.add((length === 0 ? 0 : this.#ends.values[length - 1]!) + shingles.length);
    if (this.#used + shingles.length > GATHERED) this.flush();
    if (shingles.length > GATHERED) this.#append(shingles);
    else {
      this.#gathered.set(shingles, this.#used);
      this.#used += shingles.length;
    }
  }

  /** Before the first is read, and after the last was added. */
  flush(): void {
    this.#append(this.#gathered.subarray(0, this.#used));
    this.#used = 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  lengthOf(number: number): number {
    return this.#ends.values[number]! - this.#startOf(number);
  }

  read(number: number): Shingles {
    const slot = number % CACHED;
    if (this.#cachedNumbers[slot] === number) return this.#cached[slot]!;
    const shingles = new Uint32Array(this.lengthOf(number));
    this.#file.read(this.#startOf(number) * 4, new Uint8Array(shingles.buffer));
    if (shingles.length <= CACHED_LENGTH) {
      this.#cachedNumbers[slot] = number;
      this.#cached[slot] = shingles;
    }
    return shingles;
  }

  close(): void {
    this.#file.close();
  }

  #startOf(number: number): number {
    return number === 0 ? 0 : this.#ends.values[number - 1]!;
  }

  #append(shingles: Shingles): void {
    this.#file.append(new Uint8Array(shingles.buffer, shingles.byteOffset, shingles.byteLength));
    this.#bytes += shingles.byteLength;
  }
}
