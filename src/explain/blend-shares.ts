import { baseModelsOfStage, type FeatureFamily, type ModelManifest } from '../core/model-manifest.ts';
import { type BaseModelShares, type FeatureRow, type StageShares, sizeOf } from './base-model-shares.ts';
import { LinearShares } from './linear-shares.ts';
import type { OnnxFile } from './onnx-file.ts';
import { treeSharesOf } from './tree-shares.ts';

/** A text's log-odds behind the blender, before trust and all that follows. */
export interface BlendedText {
  /** Of a text without features; of a part of a message that is another than of the whole. */
  readonly start: number;
  /** `start` plus all shares. */
  readonly logOdds: number;
  /** By feature of the row. */
  readonly shares: Float64Array;
  /** By base model; null where it does not score the text. */
  readonly scores: readonly (number | null)[];
  /** By base model: what all features add to the log-odds through it. */
  readonly contributions: Float64Array;
}

/** Probabilities of 0 and 1 have no finite log-odds; under the blender `identity` a base model may return them. */
const NEAREST_TO_CERTAIN = 1e-6;

/** Divides the blender's log-odds among features: it is linear in the base models' values, so that their shares add up. */
export class BlendShares {
  /** Log-odds of a text without features. */
  readonly prior: number;
  readonly #manifest: ModelManifest;
  readonly #first: StageShares;
  readonly #later: readonly StageShares[];
  readonly #firstFamilies: readonly FeatureFamily[];
  /** Weight of all base models by that of the first stage's; see `Blend.calibratedAfterFirst`. */
  readonly #firstToAll: number;

  /** `files`: of the manifest's stages. Throws `MODEL_CORRUPT`. */
  constructor(manifest: ModelManifest, files: readonly OnnxFile[]) {
    this.#manifest = manifest;
    const linear = manifest.stages.flatMap((stage, i) =>
      stage.kind === 'linear' ? [new LinearShares(stage, files[i]!)] : [],
    );
    const trees = treeSharesOf(manifest, files);
    const stages = manifest.stages[0]!.kind === 'linear' ? [...linear, ...trees] : [...trees, ...linear];
    this.#first = stages[0]!;
    this.#later = stages.slice(1);
    this.#firstFamilies = manifest.stages[0]!.families;
    const weightOf = (members: readonly number[]) =>
      members.reduce((sum, member) => sum + Math.abs(manifest.members[member]!.weight), 0);
    const first = weightOf(baseModelsOfStage(manifest.stages[0]!));
    this.#firstToAll = first === 0 ? 1 : weightOf([...manifest.members.keys()]) / first;
    this.prior = this.of(nothing, false).logOdds;
  }

  /** Whether grams are features of the whole message, or of a part. */
  needsGrams(isPart: boolean): boolean {
    return isPart
      ? this.#firstFamilies.includes('grams')
      : this.#manifest.stages.some(({ families }) => families.includes('grams'));
  }

  /** `isPart`: by the first stage alone, with the weight of all. */
  of(row: FeatureRow, isPart: boolean): BlendedText {
    const { members } = this.#manifest;
    const divided = isPart
      ? this.#first.of(row)
      : [this.#first, ...this.#later].flatMap((each) => each.of(row));
    const scores: (number | null)[] = members.map(() => null);
    const contributions = new Float64Array(members.length);
    const shares = new Float64Array(sizeOf(row));
    const factor = isPart ? this.#firstToAll : 1;
    const start = this.#startOf(divided, factor);
    let logOdds = start;
    for (const each of divided) {
      scores[each.member] = each.value;
      const slope = this.#slopeOf(each, factor);
      for (let i = 0; i < shares.length; i++) {
        const share = slope * each.shares[i]!;
        shares[i]! += share;
        contributions[each.member]! += share;
      }
      logOdds += contributions[each.member]!;
    }
    return { start, logOdds, shares, scores, contributions };
  }

  /** Of a text without features. */
  #startOf(divided: readonly BaseModelShares[], factor: number): number {
    const { members, blender } = this.#manifest;
    if (blender.kind === 'identity') return logit(divided[0]!.atEmpty);
    const { scale, shift } = blender.calibration;
    let sum = 0;
    for (const { member, atEmpty } of divided) {
      const { weight, min, max } = members[member]!;
      sum += weight * clamp(atEmpty, min, max);
    }
    return scale * (blender.bias + factor * sum) + shift;
  }

  /** What one unit of a base model's value adds to the log-odds, on average over the path. */
  #slopeOf({ member, atEmpty, value }: BaseModelShares, factor: number): number {
    const { members, blender } = this.#manifest;
    const { weight, min, max } = members[member]!;
    const difference = value - atEmpty;
    if (blender.kind === 'identity') {
      if (difference !== 0) return (logit(value) - logit(atEmpty)) / difference;
      return 1 / Math.max(NEAREST_TO_CERTAIN, value * (1 - value));
    }
    const clamped = difference === 0 ? 1 : (clamp(value, min, max) - clamp(atEmpty, min, max)) / difference;
    return blender.calibration.scale * factor * weight * clamped;
  }
}

const none = { size: 0, ids: new Int32Array(0), counts: new Float32Array(0) };
const nothing: FeatureRow = { words: none, grams: none };

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}

function logit(probability: number): number {
  const p = clamp(probability, NEAREST_TO_CERTAIN, 1 - NEAREST_TO_CERTAIN);
  return Math.log(p / (1 - p));
}
