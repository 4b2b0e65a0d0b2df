/** A model on this machine's disk, whole and checked against its manifest. */
export interface LocalModel {
  readonly version: string;
  /** Absolute path of the folder. */
  readonly path: string;
}

/** Where models are kept. */
export interface ModelStore {
  /** Versions that are whole, newest first. */
  list(): Promise<readonly string[]>;
  /** Makes the version available on disk. Throws `MODEL_MISSING`, or `MODEL_CORRUPT` when a hash disagrees. */
  fetch(version: string): Promise<LocalModel>;
}
