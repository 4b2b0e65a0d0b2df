import type { LocalModel } from './model-store.ts';

export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Models on this machine's disk, where a remote store writes what it fetches. */
export interface LocalModels {
  /** A version that is whole here. Throws `MODEL_MISSING` or `MODEL_CORRUPT`. */
  fetch(version: string, sha256?: string): Promise<LocalModel>;
  /**
   * Stores a copy. It appears once all of it is verified and durable. Throws `MODEL_CORRUPT` when the files are not those
   * of the version.
   */
  store(version: string, files: AsyncIterable<ModelFile>, sha256?: string): Promise<LocalModel>;
  /** Records that the version is active. Of older copies, those of the last `count` active versions stay. */
  markActive(version: string, count: number): Promise<void>;
  /** Returns the version that was active last, or the newest that is whole. */
  lastGood(): Promise<LocalModel | undefined>;
}
