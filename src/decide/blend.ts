import { baseModelsOfStage, type ModelManifest, type ModelStage } from '../core/model-manifest.ts';

interface PendingBaseModel {
  readonly atLowest: number;
  readonly atHighest: number;
}

interface StagePlan {
  /** Of the forest this stage belongs to, while blocks of it are still to come. */
  readonly openForest: {
    readonly weight: number;
    readonly treesInAll: number;
    readonly pendingTrees: readonly number[];
    readonly min: number;
    readonly max: number;
  } | null;
  /** Base models that no stage up to this one has scored, in the order in which full evaluation adds them. */
  readonly pending: readonly PendingBaseModel[];
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}

function termBounds(weight: number, min: number, max: number): PendingBaseModel {
  return weight >= 0
    ? { atLowest: weight * min, atHighest: weight * max }
    : { atLowest: weight * max, atHighest: weight * min };
}

/**
 * The second layer: log-odds = bias + Σ weight · member, in float64, and the probability of that. It also bounds the
 * probability while base models are still unknown. Under the blender `identity` the sum is its one base model, and is the probability.
 *
 * A bound is computed by the very additions that full evaluation will make, in the same order, with each unknown term at
 * its lowest or highest. Rounding is monotone, so the bound holds for the rounded result, not only for the exact one:
 * an early exit cannot land in another band than full evaluation.
 */
export class Blend {
  readonly stages: readonly ModelStage[];
  readonly #manifest: Pick<ModelManifest, 'members' | 'stages' | 'blender'>;
  readonly #plans: readonly StagePlan[];
  /** Per stage, the base models that it scores. */
  readonly #baseModelsOf: readonly (readonly number[])[];
  /** Weight of all base models by that of the first stage's. */
  readonly #firstToAll: number;

  /** Stages must score the base models in ascending order, the blocks of a forest one after the other. */
  constructor(manifest: Pick<ModelManifest, 'members' | 'stages' | 'blender'>) {
    this.#manifest = manifest;
    this.stages = manifest.stages;
    this.#baseModelsOf = manifest.stages.map(baseModelsOfStage);
    this.#plans = manifest.stages.map((_, index) => this.#planAfter(index));
    const weightOf = (members: readonly number[]) =>
      members.reduce((sum, member) => sum + Math.abs(manifest.members[member]!.weight), 0);
    const first = weightOf(this.#baseModelsOf[0] ?? []);
    this.#firstToAll = first === 0 ? 1 : weightOf([...manifest.members.keys()]) / first;
  }

  /** Log-odds before any base model is known. */
  get start(): number {
    const { blender } = this.#manifest;
    return blender.kind === 'logistic' ? blender.bias : 0;
  }

  /** Adds the base models of a linear or trees stage, `values[at …]` in the stage's order. NaN stays NaN. */
  addBaseModels(stage: number, logOdds: number, values: Float32Array, at: number): number {
    const scored = this.#baseModelsOf[stage]!;
    if (this.stages[stage]!.kind === 'forest')
      throw new TypeError(`stage ${stage} has no complete base model`);
    let sum = logOdds;
    for (let i = 0; i < scored.length; i++) {
      const member = this.#manifest.members[scored[i]!]!;
      sum += member.weight * clamp(values[at + i]!, member.min, member.max);
    }
    return sum;
  }

  /** True when the stage is the last block of its forest, so that {@link addForest} is due. */
  closesForest(stage: number): boolean {
    return this.stages[stage]!.kind === 'forest' && this.#plans[stage]!.openForest === null;
  }

  /** The forest's value from the sum over all of its trees. */
  forestValue(stage: number, treeSum: number): number {
    const plan = this.stages[stage]!;
    if (plan.kind !== 'forest') throw new TypeError(`stage ${stage} is not a forest`);
    const member = this.#manifest.members[plan.member]!;
    return clamp(treeSum / this.#treesOf(plan.member), member.min, member.max);
  }

  /** Adds a forest once its last block has run. */
  addForest(stage: number, logOdds: number, treeSum: number): number {
    const plan = this.stages[stage]!;
    if (plan.kind !== 'forest') throw new TypeError(`stage ${stage} is not a forest`);
    return logOdds + this.#manifest.members[plan.member]!.weight * this.forestValue(stage, treeSum);
  }

  /**
   * Calibrated log-odds by the base models of the first stage alone, as if the others returned what these do on average. For rows that
   * are not worth the later stages.
   */
  calibratedAfterFirst(logOdds: number): number {
    const { start } = this;
    return this.calibrated(start + this.#firstToAll * (logOdds - start));
  }

  /**
   * The lowest or highest probability that full evaluation can still give after `stage`.
   * `logOdds`: of the base models known so far; `treeSum`: of the blocks of the open forest run so far.
   */
  bound(stage: number, logOdds: number, treeSum: number, side: 'lowest' | 'highest'): number {
    return this.#sigmoid(this.calibratedBound(stage, logOdds, treeSum, side));
  }

  /** The same of {@link calibrated}. */
  calibratedBound(stage: number, logOdds: number, treeSum: number, side: 'lowest' | 'highest'): number {
    const plan = this.#plans[stage]!;
    const highest = side === 'highest';
    let sum = logOdds;
    const forest = plan.openForest;
    if (forest !== null) {
      const treesHigh = forest.weight >= 0 === highest;
      let trees = treeSum;
      if (treesHigh) for (const more of forest.pendingTrees) trees += more;
      sum += forest.weight * clamp(trees / forest.treesInAll, forest.min, forest.max);
    }
    for (const member of plan.pending) sum += highest ? member.atHighest : member.atLowest;
    return this.calibrated(sum);
  }

  /** Calibrated log-odds; under the blender `identity` the probability itself. Never falls as the log-odds rise. */
  calibrated(logOdds: number): number {
    const { blender } = this.#manifest;
    if (blender.kind === 'identity') return clamp(logOdds, 0, 1);
    const { scale, shift } = blender.calibration;
    return scale * logOdds + shift;
  }

  /** Probability of the log-odds; never falls as they rise. */
  probability(logOdds: number): number {
    return this.#sigmoid(this.calibrated(logOdds));
  }

  #sigmoid(calibrated: number): number {
    return this.#manifest.blender.kind === 'identity' ? calibrated : 1 / (1 + Math.exp(-calibrated));
  }

  #treesOf(member: number): number {
    let trees = 0;
    for (const stage of this.stages)
      if (stage.kind === 'forest' && stage.member === member) trees += stage.trees;
    return trees;
  }

  #planAfter(index: number): StagePlan {
    const { members } = this.#manifest;
    const stage = this.stages[index]!;
    const later = this.stages.slice(index + 1);
    let openForest: StagePlan['openForest'] = null;
    let open = -1;
    if (stage.kind === 'forest') {
      const pendingTrees = later.flatMap((s) =>
        s.kind === 'forest' && s.member === stage.member ? [s.trees] : [],
      );
      if (pendingTrees.length > 0) {
        const { weight, min, max } = members[stage.member]!;
        open = stage.member;
        openForest = { weight, min, max, pendingTrees, treesInAll: this.#treesOf(stage.member) };
      }
    }
    const pending = new Set(later.flatMap(baseModelsOfStage));
    pending.delete(open);
    return {
      openForest,
      pending: [...pending].map((m) => termBounds(members[m]!.weight, members[m]!.min, members[m]!.max)),
    };
  }
}
