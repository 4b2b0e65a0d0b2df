import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeNpyHeader, type NpyArray } from './npy.ts';

/** Elements that wait in memory for the next write. */
const BUFFERED = 64 * 1024;

/** A one-dimensional array in NumPy's file format that is written as it is filled, so that it need not fit into memory. */
export class NpyFile<T extends NpyArray> {
  readonly #path: string;
  readonly #buffer: T;
  /** Undefined until something is written. */
  #file: number | undefined;
  #buffered = 0;
  #length = 0;

  /** `make`: the array type of its elements. Replaces a file that is there. */
  constructor(path: string, make: (length: number) => T) {
    this.#path = path;
    this.#buffer = make(BUFFERED);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#buffered === this.#buffer.length) this.#flush();
    this.#buffer[this.#buffered++] = value;
    this.#length++;
  }

  /** Completes the file. Nothing is pushed afterwards. */
  close(): void {
    this.#flush();
    const file = this.#file!;
    try {
      writeSync(file, encodeNpyHeader(this.#buffer, this.#length), 0, undefined, 0);
    } finally {
      closeSync(file);
    }
  }

  #flush(): void {
    if (this.#file === undefined) {
      this.#file = openSync(this.#path, 'w');
      // Its length is the same whatever the number of elements is.
      this.#write(encodeNpyHeader(this.#buffer, 0));
    }
    const { buffer, byteOffset, BYTES_PER_ELEMENT } = this.#buffer;
    this.#write(new Uint8Array(buffer, byteOffset, this.#buffered * BYTES_PER_ELEMENT));
    this.#buffered = 0;
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file!, bytes, at);
  }
}
