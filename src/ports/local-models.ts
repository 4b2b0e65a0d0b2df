import type { LocalModel } from './model-store.ts';

export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** This machine's disk, where a store that is elsewhere lays what it fetches. */
export interface LocalModels {
  /** A version that is whole here. Throws `MODEL_MISSING` or `MODEL_CORRUPT`. */
  fetch(version: string, sha256?: string): Promise<LocalModel>;
  /**
   * Lays a copy, which is there once all of it is, verified and durable. Throws `MODEL_CORRUPT` when the files are not those
   * of the version.
   */
  store(version: string, files: AsyncIterable<ModelFile>, sha256?: string): Promise<LocalModel>;
  /** Notes that the version judges; of copies laid before, those of the last `count` that judged stay. */
  markActive(version: string, count: number): Promise<void>;
  /** The version that judged last, or the newest that is whole. */
  lastGood(): Promise<LocalModel | undefined>;
}
