/** A model on this machine's disk, whole and checked against its manifest. */
export interface LocalModel {
  readonly version: string;
  /** Absolute path of the folder. */
  readonly path: string;
  /** SHA-256 of its manifest in hex; whoever loads the folder later holds it to that. */
  readonly sha256: string;
}

/** Where models are kept. What does not answer is `MODEL_STORE_FAILED` (retriable). */
export interface ModelStore {
  /** For people: "/models" or an address. */
  readonly location: string;
  /** Versions that are whole, newest first. */
  list(): Promise<readonly string[]>;
  /**
   * Makes the version available on disk. `sha256`: of its manifest, where that is known from another place. Throws
   * `MODEL_MISSING`, or `MODEL_CORRUPT` when a hash disagrees.
   */
  fetch(version: string, sha256?: string): Promise<LocalModel>;
  /** SHA-256 in hex of the manifest that stands where models are kept, be it right or not; undefined where none does. */
  manifestOf(version: string): Promise<string | undefined>;
  /** Adds a model; until all of it is there no other sees any of it. Adding one that is there changes nothing. */
  push(model: LocalModel): Promise<void>;
  /** Told when a version judges: it is the last good one now, and old copies on this disk may go. */
  becameActive(version: string): Promise<void>;
  /** What can be had without the store: the version that judged last, or another that is whole on this disk. */
  lastGood(): Promise<LocalModel | undefined>;
}
