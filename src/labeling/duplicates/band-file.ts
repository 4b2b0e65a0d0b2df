import type { Scratch, ScratchFile } from '../../ports/scratch.ts';
import { BULK_BANDS, writeBulkBands } from '../../text/similarity/bulk-bands.ts';
import type { Shingles } from '../../text/similarity/near-duplicates.ts';

/** Texts of one part of the file, in which each band is in one piece: 2 MiB. */
const PART = 2 ** 15;

/** The bands of each distinct text, in a temporary file of 64 bytes a text, read band by band. */
export class BandFile {
  readonly #file: ScratchFile;
  readonly #part = new Uint32Array(PART * BULK_BANDS);
  readonly #bands = new Uint32Array(BULK_BANDS);
  #count = 0;

  constructor(scratch: Scratch) {
    this.#file = scratch.open();
  }

  get bytes(): number {
    return Math.ceil(this.#count / PART) * this.#part.byteLength;
  }

  /** Of the text with the next number; one without shingles has bands that nobody may read. */
  add(shingles: Shingles): void {
    writeBulkBands(shingles, this.#bands, 0);
    const at = this.#count % PART;
    for (let band = 0; band < BULK_BANDS; band++) this.#part[band * PART + at] = this.#bands[band]!;
    this.#count++;
    if (this.#count % PART === 0) this.flush();
  }

  /** After the last was added, and before a column is read. */
  flush(): void {
    this.#file.append(new Uint8Array(this.#part.buffer));
  }

  /** One band of all texts, by their number. */
  read(band: number, into: Uint32Array<ArrayBuffer>): void {
    for (let from = 0; from < this.#count; from += PART) {
      const position = from * BULK_BANDS * 4 + band * PART * 4;
      const count = Math.min(PART, this.#count - from);
      this.#file.read(position, new Uint8Array(into.buffer, from * 4, count * 4));
    }
  }

  close(): void {
    this.#file.close();
  }
}
