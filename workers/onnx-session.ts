import type { ExactScores } from '../src/core/decision-policy.ts';
import { type FeatureFamily, featureFamilies, type ModelManifest } from '../src/core/model-manifest.ts';
import { Blend } from '../src/decide/blend.ts';
import { mayExit } from '../src/decide/early-exit.ts';
import { type CountedFeatures, FeatureCounts } from '../src/text/feature-counts.ts';
import type { Featurizer, PreparedText } from '../src/text/featurizer.ts';
import type { Vocabulary } from '../src/text/vocabulary.ts';
import { ForestStage, type TreeSumReceiver } from './forest-stage.ts';
import type { Graph } from './graph.ts';
import { LinearStage, type MemberReceiver } from './linear-stage.ts';
import { type Row, ScoredRows } from './scored-rows.ts';

/** Marks a row without one known feature: it gets the prior, since the model has nothing to say of it. */
export const BLANK = -2;

export interface EvaluateOptions {
  readonly exactScores: ExactScores;
  /** Keep each member's value. */
  readonly keepMembers: boolean;
}

interface Pass {
  readonly rows: readonly Row[];
  readonly options: EvaluateOptions;
  readonly result: ScoredRows;
  /** Of the members known so far. */
  readonly logOdds: Float64Array;
  /** Of the blocks of the open forest run so far. */
  readonly treeSum: Float64Array;
  /** Of rows that a forest has seen; all forests test features of the same family. */
  readonly forestFeatures: (CountedFeatures | undefined)[];
}

/**
 * A model's graphs, run stage by stage, cheapest first; a row leaves as soon as no outcome of the later stages can change
 * its band. One evaluation at a time.
 */
export class OnnxSession {
  readonly blend: Blend;
  readonly #manifest: ModelManifest;
  readonly #featurizer: Featurizer;
  readonly #vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>;
  readonly #stages: readonly (LinearStage | ForestStage)[];
  readonly #features = new FeatureCounts();
  readonly #others = new FeatureCounts();
  /** Seconds spent on features during the last evaluation; the rest of it was graphs. */
  featurizeSeconds = 0;

  /** `graphs`: one per stage of the manifest. */
  constructor(
    manifest: ModelManifest,
    graphs: readonly Graph[],
    featurizer: Featurizer,
    vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>,
  ) {
    this.#manifest = manifest;
    this.#featurizer = featurizer;
    this.#vocabularies = vocabularies;
    this.blend = new Blend(manifest);
    this.#stages = manifest.stages.map((stage, i) => {
      const size = vocabularies[stage.family].size;
      return stage.kind === 'linear'
        ? new LinearStage(graphs[i]!, stage.family, stage.members.length, size)
        : new ForestStage(graphs[i]!, stage.family, stage.columns, size);
    });
  }

  async evaluate(rows: readonly Row[], options: EvaluateOptions): Promise<ScoredRows> {
    const members = options.keepMembers ? this.#manifest.members.length : 0;
    const pass: Pass = {
      rows,
      options,
      result: new ScoredRows(rows.length, members),
      logOdds: new Float64Array(rows.length).fill(this.blend.start),
      treeSum: new Float64Array(rows.length),
      forestFeatures: [],
    };
    this.featurizeSeconds = 0;
    let open = Int32Array.from(rows.keys());
    for (let stage = 0; stage < this.#stages.length && open.length > 0; stage++) {
      await this.#runStage(stage, open, pass);
      open = open.filter((row) => !this.#settle(stage, row, pass));
    }
    return pass.result;
  }

  async release(): Promise<void> {
    for (const stage of this.#stages) await stage.release();
  }

  async #runStage(stage: number, open: Int32Array, pass: Pass): Promise<void> {
    const runner = this.#stages[stage]!;
    const vocabulary = this.#vocabularies[runner.family];
    const linear = runner instanceof LinearStage ? this.#memberReceiver(stage, pass) : null;
    const forest = runner instanceof ForestStage ? this.#treeSumReceiver(stage, pass) : null;
    let mark = performance.now();
    for (const row of open) {
      const prepared = this.#preparedOf(row, pass);
      // Each block of a forest tests the same features: they are counted for the first one.
      let features: CountedFeatures | undefined = forest === null ? undefined : pass.forestFeatures[row];
      if (features === undefined) {
        this.#featurizer.count(prepared, runner.family, vocabulary, this.#features);
        features = this.#features;
        if (forest !== null) pass.forestFeatures[row] = this.#features.kept();
      }
      if (stage === 0 && this.#isBlank(prepared, runner.family)) {
        pass.result.endedAt[row] = BLANK;
        continue;
      }
      const running =
        runner instanceof LinearStage
          ? runner.add(row, features, linear!)
          : runner.add(row, features, forest!);
      if (running !== undefined) {
        this.featurizeSeconds += (performance.now() - mark) / 1000;
        await running;
        mark = performance.now();
      }
    }
    this.featurizeSeconds += (performance.now() - mark) / 1000;
    await (runner instanceof LinearStage ? runner.finish(linear!) : runner.finish(forest!));
  }

  #preparedOf(row: number, { rows, result }: Pass): PreparedText {
    const known = result.prepared[row];
    if (known !== undefined) return known;
    const { text, language } = rows[row]!;
    const prepared = this.#featurizer.prepare(text, language);
    result.prepared[row] = prepared;
    return prepared;
  }

  /** Takes the row out when its band is certain; answers whether it did. */
  #settle(stage: number, row: number, pass: Pass): boolean {
    const { result, options } = pass;
    if (result.endedAt[row] === BLANK) {
      this.#tell(row, this.#manifest.prior, pass);
      return true;
    }
    const logOdds = pass.logOdds[row]!;
    const treeSum = pass.treeSum[row]!;
    if (!Number.isFinite(logOdds) || !Number.isFinite(treeSum)) {
      result.unscorable[row] = 1;
      result.endedAt[row] = stage;
      return true;
    }
    if (stage === this.#stages.length - 1) {
      this.#tell(row, this.blend.probability(logOdds), pass);
      result.endedAt[row] = stage;
      return true;
    }
    if (options.exactScores === 'all') return false;
    const lowest = this.blend.bound(stage, logOdds, treeSum, 'lowest');
    const highest = this.blend.bound(stage, logOdds, treeSum, 'highest');
    if (!mayExit(lowest, highest, pass.rows[row]!.thresholds, options.exactScores)) return false;
    result.lowest[row] = lowest;
    result.highest[row] = highest;
    result.endedAt[row] = stage;
    return true;
  }

  #tell(row: number, probability: number, { result }: Pass): void {
    result.probability[row] = probability;
    result.lowest[row] = probability;
    result.highest[row] = probability;
  }

  /** No feature of either family that says anything of the content; `this.#features` holds those of `family`. */
  #isBlank(prepared: PreparedText, family: FeatureFamily): boolean {
    if (this.#hasContent(family)) return false;
    for (const other of featureFamilies) {
      if (other === family) continue;
      this.#featurizer.count(prepared, other, this.#vocabularies[other], this.#others);
      if (this.#others.size > 0) return false;
    }
    return true;
  }

  #hasContent(family: FeatureFamily): boolean {
    const vocabulary = this.#vocabularies[family];
    const { ids, size } = this.#features;
    for (let i = 0; i < size; i++) if (vocabulary.isContent(ids[i]!)) return true;
    return false;
  }

  #memberReceiver(stage: number, { logOdds, result, options }: Pass): MemberReceiver {
    const plan = this.blend.stages[stage]!;
    const members = this.#manifest.members.length;
    return (row, values, at) => {
      logOdds[row] = this.blend.addMembers(stage, logOdds[row]!, values, at);
      if (options.keepMembers && plan.kind === 'linear')
        for (const [i, member] of plan.members.entries())
          result.members[row * members + member] = values[at + i]!;
    };
  }

  #treeSumReceiver(stage: number, { logOdds, treeSum, result, options }: Pass): TreeSumReceiver {
    const plan = this.blend.stages[stage]!;
    const members = this.#manifest.members.length;
    const closes = this.blend.closesForest(stage);
    return (row, sum) => {
      const trees = treeSum[row]! + sum;
      treeSum[row] = closes ? 0 : trees;
      if (!closes) return;
      logOdds[row] = this.blend.addForest(stage, logOdds[row]!, trees);
      if (options.keepMembers && plan.kind === 'forest')
        result.members[row * members + plan.member] = this.blend.forestValue(stage, trees);
    };
  }
}
