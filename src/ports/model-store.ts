/** A model on this machine's disk, whole and checked against its manifest. */
export interface LocalModel {
  readonly version: string;
  /** Absolute path of the folder. */
  readonly path: string;
  /** SHA-256 of its manifest in hex. Every later load of the folder checks it. */
  readonly sha256: string;
}

/** Stores models. Throws `MODEL_STORE_FAILED` (retriable) when it does not answer. */
export interface ModelStore {
  /** For people: "/models" or an address. */
  readonly location: string;
  /** Versions that are whole, newest first. */
  list(): Promise<readonly string[]>;
  /**
   * Makes the version available on disk. `sha256`: of its manifest, if another source knows it. Throws
   * `MODEL_MISSING`, or `MODEL_CORRUPT` when a hash disagrees.
   */
  fetch(version: string, sha256?: string): Promise<LocalModel>;
  /** Returns the SHA-256 in hex of the stored manifest, valid or not; undefined if there is none. */
  manifestOf(version: string): Promise<string | undefined>;
  /** Adds a model; until all of it is there no other sees any of it. Adding one that is there changes nothing. */
  push(model: LocalModel): Promise<void>;
  /** Records that a version became active: it is the last good one now, and old copies on this disk may be removed. */
  becameActive(version: string): Promise<void>;
  /** Returns a model without the store: the version that was active last, or another that is whole on this disk. */
  lastGood(): Promise<LocalModel | undefined>;
}
