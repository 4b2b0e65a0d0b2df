import type { FeatureFamily } from '../src/core/model-manifest.ts';
import type { PreparedText } from '../src/text/featurizer.ts';
import type { FeatureCache } from './feature-cache.ts';

/** What is known of each row, as columns; filled by `OnnxSession.evaluate`. */
export class ScoredRows {
  readonly size: number;
  /** The texts without their obfuscation, where that took more than a look; others are prepared again when they are asked for. */
  readonly prepared: (PreparedText | undefined)[];
  /** Exact probability, NaN where evaluation ended early or gave no finite value. */
  readonly probability: Float64Array;
  readonly lowest: Float64Array;
  readonly highest: Float64Array;
  /** Stage after which evaluation ended; `BLANK` for a row without one known feature. */
  readonly endedAt: Int16Array;
  readonly unscorable: Uint8Array;
  /** Row-major [rows, base models], NaN where not evaluated; empty unless asked for. */
  readonly members: Float64Array;
  /** What was counted of the rows; valid until the session's next evaluation. */
  readonly features: Readonly<Record<FeatureFamily, FeatureCache>>;

  /** The part of the message whose bound is the highest, as a row of `windowFeatures`; -1 where it is the whole. */
  readonly window: Int32Array;
  /** What was counted of the parts; valid as long as `features`. */
  windowFeatures: Readonly<Record<FeatureFamily, FeatureCache>> | null = null;

  constructor(size: number, members: number, features: Readonly<Record<FeatureFamily, FeatureCache>>) {
    this.size = size;
    this.features = features;
    this.prepared = new Array(size);
    this.probability = new Float64Array(size).fill(Number.NaN);
    this.lowest = new Float64Array(size);
    this.highest = new Float64Array(size).fill(1);
    this.endedAt = new Int16Array(size).fill(-1);
    this.unscorable = new Uint8Array(size);
    this.window = new Int32Array(size).fill(-1);
    this.members = new Float64Array(size * members).fill(Number.NaN);
  }
}
