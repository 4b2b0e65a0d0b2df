import type { Scratch } from '../../../../src/ports/scratch.ts';

/** Temporary files in memory; `open` counts those that are not closed. */
export class MemoryScratch implements Scratch {
  isOpen = 0;
  largestAppend = 0;

  open() {
    this.isOpen++;
    let bytes = new Uint8Array(0);
    let size = 0;
    return {
      append: (more: Uint8Array) => {
        this.largestAppend = Math.max(this.largestAppend, more.length);
        if (size + more.length > bytes.length) {
          const larger = new Uint8Array(2 * (size + more.length));
          larger.set(bytes);
          bytes = larger;
        }
        bytes.set(more, size);
        size += more.length;
        return size - more.length;
      },
      read: (position: number, into: Uint8Array) => {
        if (position + into.length > size) throw new Error('the file ends before');
        into.set(bytes.subarray(position, position + into.length));
      },
      close: () => {
        this.isOpen--;
      },
    };
  }
}
