import type { Scratch, ScratchFile } from '../ports/scratch.ts';

/** Bytes that are gathered before they are written, and that are read at once: 1 MiB. */
const CHUNK = 2 ** 20;
const LINE_FEED = 10;

/** Records in a temporary file, read in the order in which they were added: texts do not fit in memory, and a table changes while it is read. */
export class RecordFile<T> {
  readonly #file: ScratchFile;
  readonly #encoder = new TextEncoder();
  readonly #gathered = new Uint8Array(CHUNK);
  #used = 0;
  #length = 0;

  constructor(scratch: Scratch) {
    this.#file = scratch.open();
  }

  /** What JSON can hold. */
  add(record: T): void {
    // Its line breaks are escaped.
    const bytes = this.#encoder.encode(`${JSON.stringify(record)}\n`);
    if (this.#used + bytes.length > CHUNK) this.#flush();
    if (bytes.length > CHUNK) this.#append(bytes);
    else {
      this.#gathered.set(bytes, this.#used);
      this.#used += bytes.length;
    }
  }

  *read(): Generator<T> {
    this.#flush();
    const decoder = new TextDecoder();
    let rest = new Uint8Array(0);
    for (let at = 0; at < this.#length; at += CHUNK) {
      const chunk = new Uint8Array(rest.length + Math.min(CHUNK, this.#length - at));
      chunk.set(rest);
      this.#file.read(at, chunk.subarray(rest.length));
      let from = 0;
      for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
        yield JSON.parse(decoder.decode(chunk.subarray(from, end))) as T;
        from = end + 1;
      }
      rest = chunk.slice(from);
    }
  }

  close(): void {
    this.#file.close();
  }

  #flush(): void {
    this.#append(this.#gathered.subarray(0, this.#used));
    this.#used = 0;
  }

  #append(bytes: Uint8Array): void {
    this.#file.append(bytes);
    this.#length += bytes.length;
  }
}
