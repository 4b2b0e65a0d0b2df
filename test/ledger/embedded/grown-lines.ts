import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

interface Look {
  readonly at: number;
  readonly size: number;
}

const NEWLINE = 0x0a;

/** Follows a file that grows by whole lines, and remembers when it had which length. */
export class GrownLines {
  readonly #path: string;
  readonly #looks: Look[] = [];
  #read = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Its length now. */
  get size(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Calls `take` for each whole line that is new since the last look. */
  look(at: number, take: (line: string) => void): void {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    try {
      const { size } = fstatSync(file);
      if (size <= this.#read) return;
      const bytes = Buffer.alloc(size - this.#read);
      const filled = readSync(file, bytes, 0, bytes.length, this.#read);
      const whole = bytes.subarray(0, filled).lastIndexOf(NEWLINE) + 1;
      if (whole === 0) return;
      for (const line of bytes.subarray(0, whole).toString().split('\n')) if (line !== '') take(line);
      this.#read += whole;
      this.#looks.push({ at, size: this.#read });
    } finally {
      closeSync(file);
    }
  }

  /** When a line that ends at this byte was first seen; infinity where no look has seen it. */
  seenAt(end: number): number {
    let low = 0;
    let high = this.#looks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#looks[middle]!.size < end) low = middle + 1;
      else high = middle;
    }
    return this.#looks[low]?.at ?? Number.POSITIVE_INFINITY;
  }
}
