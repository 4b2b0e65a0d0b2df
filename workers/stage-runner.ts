import {
  baseModelsOfStage,
  type FeatureFamily,
  featureFamilies,
  type ModelManifest,
  type ModelStage,
  tensorNames,
} from '../src/core/model-manifest.ts';
import type { Blend } from '../src/decide/blend.ts';
import { type CountedFeatures, FeatureCounts } from '../src/text/feature-counts.ts';
import type { Featurizer, PreparedText } from '../src/text/featurizer.ts';
import type { Vocabulary } from '../src/text/vocabulary.ts';
import type { Graph } from './graph.ts';
import { LinearStage } from './linear-stage.ts';
import { coarseLength, paddedLength } from './padded-rows.ts';
import type { RowSource } from './row-source.ts';
import type { RowReceiver, RowStage } from './row-stage.ts';
import type { ScoredRows } from './scored-rows.ts';
import type { Pass } from './scoring-pass.ts';
import { TreeStage } from './tree-stage.ts';

/** Marks a row without one known feature: it gets the prior, since the model knows nothing of it. */
export const BLANK = -2;

/** Counts the features that a stage needs, runs its graph, and adds what the graph returns to the rows' log-odds. */
export class StageRunner {
  readonly size: number;
  /** Seconds spent on features since they were last set to zero. */
  featurizeSeconds = 0;
  /** Seconds spent in the graph of each stage, over whole messages, since they were last set to zero. */
  readonly stageSeconds: Float64Array;
  readonly #members: number;
  readonly #blend: Blend;
  readonly #featurizer: Featurizer;
  readonly #vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>;
  readonly #stages: readonly RowStage[];
  /** The first one, for parts of messages: there are few of them in a batch. */
  readonly #ofParts: RowStage;
  readonly #counted = { words: new FeatureCounts(), grams: new FeatureCounts() };

  /** `graphs`: one per stage of the manifest. */
  constructor(
    manifest: ModelManifest,
    blend: Blend,
    graphs: readonly Graph[],
    featurizer: Featurizer,
    vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>,
  ) {
    this.size = manifest.stages.length;
    this.stageSeconds = new Float64Array(this.size);
    this.#members = manifest.members.length;
    this.#blend = blend;
    this.#featurizer = featurizer;
    this.#vocabularies = vocabularies;
    this.#stages = manifest.stages.map((stage, i) => makeStage(stage, graphs[i]!, vocabularies));
    this.#ofParts = makeStage(manifest.stages[0]!, graphs[0]!, vocabularies, coarseLength);
  }

  /** Forgets the rows that wait, which are left over where something was thrown. */
  clear(): void {
    for (const stage of this.#stages) stage.clear();
    this.#ofParts.clear();
  }

  /** The row's text without its obfuscation; holds until another is asked for. */
  prepared(row: number, rows: RowSource, result: ScoredRows): PreparedText {
    const known = result.prepared[row];
    if (known !== undefined) return known;
    const prepared = rows.prepare(row, this.#featurizer);
    if (!this.#featurizer.isPassing(prepared)) result.prepared[row] = prepared;
    return prepared;
  }

  /** Runs a stage over the open rows. Rows without one known feature are marked in the first. */
  async run(stage: number, open: Int32Array, pass: Pass): Promise<void> {
    const begin = performance.now();
    const before = this.featurizeSeconds;
    await this.#run(this.#stages[stage]!, stage, open, pass);
    const featurized = this.featurizeSeconds - before;
    this.stageSeconds[stage]! += (performance.now() - begin) / 1000 - featurized;
  }

  /** Runs the first stage over parts of messages. */
  async runParts(open: Int32Array, pass: Pass): Promise<void> {
    await this.#run(this.#ofParts, 0, open, pass);
  }

  async #run(runner: RowStage, stage: number, open: Int32Array, pass: Pass): Promise<void> {
    const receive = this.#receiver(stage, pass);
    const { families } = runner;
    const features: CountedFeatures[] = [];
    let mark = performance.now();
    for (const row of open) {
      if (stage === 0) {
        this.#featuresOf(row, 'words', pass);
        pass.onWords(row);
      }
      for (let i = 0; i < families.length; i++)
        if (stage !== 0 || families[i] !== 'words') features[i] = this.#featuresOf(row, families[i]!, pass);
        else features[i] = this.#counted.words;
      if (stage === 0 && this.#isBlank(row, families, pass)) {
        pass.result.endedAt[row] = BLANK;
        continue;
      }
      const running = runner.add(row, features, receive);
      if (running !== undefined) {
        this.featurizeSeconds += (performance.now() - mark) / 1000;
        await running;
        mark = performance.now();
      }
    }
    this.featurizeSeconds += (performance.now() - mark) / 1000;
    await runner.finish(receive);
  }

  async release(): Promise<void> {
    for (const stage of this.#stages) await stage.release();
  }

  /** Valid until the family is counted for another row. */
  #featuresOf(row: number, family: FeatureFamily, pass: Pass): CountedFeatures {
    const kept = pass.result.features[family];
    const known = kept.of(row);
    if (known !== undefined) return known;
    const counted = this.#counted[family];
    this.#featurizer.count(
      this.prepared(row, pass.rows, pass.result),
      family,
      this.#vocabularies[family],
      counted,
    );
    kept.keep(row, counted);
    return counted;
  }

  /** No feature of any family that says anything of the content; words and those of `families` are counted already. */
  #isBlank(row: number, families: readonly FeatureFamily[], pass: Pass): boolean {
    if (this.#hasContent('words')) return false;
    for (const family of families) if (this.#hasContent(family)) return false;
    for (const other of featureFamilies) {
      if (other === 'words' || families.includes(other)) continue;
      this.#featuresOf(row, other, pass);
      if (this.#hasContent(other)) return false;
    }
    return true;
  }

  #hasContent(family: FeatureFamily): boolean {
    const vocabulary = this.#vocabularies[family];
    const { ids, size } = this.#counted[family];
    for (let i = 0; i < size; i++) if (vocabulary.isContent(ids[i]!)) return true;
    return false;
  }

  #receiver(stage: number, pass: Pass): RowReceiver {
    return this.#blend.stages[stage]!.kind === 'forest'
      ? this.#treeSumReceiver(stage, pass)
      : this.#memberReceiver(stage, pass);
  }

  #memberReceiver(stage: number, { logOdds, result, options }: Pass): RowReceiver {
    const scored = baseModelsOfStage(this.#blend.stages[stage]!);
    const members = this.#members;
    return (row, values, at) => {
      logOdds[row] = this.#blend.addBaseModels(stage, logOdds[row]!, values, at);
      if (options.keepBaseModels)
        for (const [i, member] of scored.entries()) result.members[row * members + member] = values[at + i]!;
    };
  }

  #treeSumReceiver(stage: number, { logOdds, treeSum, result, options }: Pass): RowReceiver {
    const [member] = baseModelsOfStage(this.#blend.stages[stage]!);
    const members = this.#members;
    const closes = this.#blend.closesForest(stage);
    return (row, values, at) => {
      const trees = treeSum[row]! + values[at]!;
      treeSum[row] = closes ? 0 : trees;
      if (!closes) return;
      logOdds[row] = this.#blend.addForest(stage, logOdds[row]!, trees);
      if (options.keepBaseModels)
        result.members[row * members + member!] = this.#blend.forestValue(stage, trees);
    };
  }
}

function makeStage(
  stage: ModelStage,
  graph: Graph,
  vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>,
  lengthOf: (size: number) => number = paddedLength,
): RowStage {
  const { families } = stage;
  if (stage.kind === 'linear') {
    const paddings = families.map((family) => vocabularies[family].size);
    return new LinearStage(graph, families, stage.members.length, paddings, lengthOf);
  }
  return new TreeStage(
    graph,
    stage.kind === 'trees' ? tensorNames.probability : tensorNames.treeSum,
    families.map((family) => ({
      family,
      columns: stage.columns[family] ?? [],
      vocabularySize: vocabularies[family].size,
    })),
  );
}
