/**
 * A temporary file for what does not fit in memory. It is gone when it is closed, and when the process ends in whatever way. Calls are
 * synchronous: a read of some hundred bytes, mostly from the page cache, takes a tenth of what a promise for it would.
 * Each throws `STORE_FAILED`, with the folder and what to do.
 */
export interface ScratchFile {
  /** Appends all of the bytes; returns the position of the first, in bytes. */
  append(bytes: Uint8Array): number;
  /** Fills `into` with what was appended at `position`. */
  read(position: number, into: Uint8Array): void;
  close(): void;
}

/** Where temporary files are made. */
export interface Scratch {
  /** Throws `STORE_FAILED`. */
  open(): ScratchFile;
}
