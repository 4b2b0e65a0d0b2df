import type { FeatureFamily } from '../src/core/model-manifest.ts';
import type { CountedFeatures } from '../src/text/feature-counts.ts';

/** Called once per row with what the graph computed for it, from `values[at]` on. */
export type RowReceiver = (row: number, values: Float32Array, at: number) => void;

/** One stage as a thread runs it: it takes rows one by one and runs its graph over many of them at once. */
export interface RowStage {
  /** Of the features that it wants of a row. */
  readonly families: readonly FeatureFamily[];
  /** Takes a row's features, per family of the stage; answers a promise only when the graph has to run now. */
  add(row: number, features: readonly CountedFeatures[], receive: RowReceiver): Promise<void> | undefined;
  /** Runs what still waits. */
  finish(receive: RowReceiver): Promise<void>;
  /** Forgets the rows that wait, which are left over where something was thrown. */
  clear(): void;
  release(): Promise<void>;
}
