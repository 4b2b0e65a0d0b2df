import type { ExactScores } from '../src/core/decision-policy.ts';
import {
  type FeatureFamily,
  featureFamilies,
  type ModelManifest,
  type ModelStage,
  membersOfStage,
  tensorNames,
} from '../src/core/model-manifest.ts';
import { Blend } from '../src/decide/blend.ts';
import { mayExit } from '../src/decide/early-exit.ts';
import { type CountedFeatures, FeatureCounts } from '../src/text/feature-counts.ts';
import type { Featurizer, PreparedText } from '../src/text/featurizer.ts';
import type { Vocabulary } from '../src/text/vocabulary.ts';
import type { Graph } from './graph.ts';
import { KeptFeatures } from './kept-features.ts';
import { LinearStage } from './linear-stage.ts';
import { ListedRows, type Row, type RowSource } from './row-source.ts';
import type { RowReceiver, RowStage } from './row-stage.ts';
import { ScoredRows } from './scored-rows.ts';
import { TreeStage } from './tree-stage.ts';

/** Marks a row without one known feature: it gets the prior, since the model has nothing to say of it. */
export const BLANK = -2;

export interface EvaluateOptions {
  readonly exactScores: ExactScores;
  /** Keep each member's value. */
  readonly keepMembers: boolean;
}

interface Pass {
  readonly rows: RowSource;
  readonly options: EvaluateOptions;
  readonly result: ScoredRows;
  /** Of the members known so far. */
  readonly logOdds: Float64Array;
  /** Of the blocks of the open forest run so far. */
  readonly treeSum: Float64Array;
}

/**
 * A model's graphs, run stage by stage, cheapest first; a row leaves as soon as no outcome of the later stages can change
 * its band. One evaluation at a time; one that threw leaves nothing to the next.
 */
export class OnnxSession {
  readonly blend: Blend;
  readonly #manifest: ModelManifest;
  readonly #featurizer: Featurizer;
  readonly #vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>;
  readonly #stages: readonly RowStage[];
  readonly #counted = { words: new FeatureCounts(), grams: new FeatureCounts() };
  readonly #kept = { words: new KeptFeatures(), grams: new KeptFeatures() };
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
    this.#stages = manifest.stages.map((stage, i) => makeStage(stage, graphs[i]!, vocabularies));
  }

  async evaluate(given: RowSource | readonly Row[], options: EvaluateOptions): Promise<ScoredRows> {
    const rows = 'size' in given ? given : new ListedRows(given);
    const members = options.keepMembers ? this.#manifest.members.length : 0;
    const pass: Pass = {
      rows,
      options,
      result: new ScoredRows(rows.size, members, this.#kept),
      logOdds: new Float64Array(rows.size).fill(this.blend.start),
      treeSum: new Float64Array(rows.size),
    };
    for (const stage of this.#stages) stage.clear();
    for (const family of featureFamilies) this.#kept[family].begin(rows.size);
    this.featurizeSeconds = 0;
    let open = new Int32Array(rows.size);
    for (let row = 0; row < open.length; row++) open[row] = row;
    for (let stage = 0; stage < this.#stages.length && open.length > 0; stage++) {
      await this.#runStage(stage, open, pass);
      open = open.filter((row) => !this.#settle(stage, row, pass));
    }
    return pass.result;
  }

  /** The row's text without its disguise; holds until another is asked for. */
  prepared(row: number, rows: RowSource, result: ScoredRows): PreparedText {
    const known = result.prepared[row];
    if (known !== undefined) return known;
    const prepared = rows.prepare(row, this.#featurizer);
    if (!this.#featurizer.isPassing(prepared)) result.prepared[row] = prepared;
    return prepared;
  }

  async release(): Promise<void> {
    for (const stage of this.#stages) await stage.release();
  }

  async #runStage(stage: number, open: Int32Array, pass: Pass): Promise<void> {
    const runner = this.#stages[stage]!;
    const receive = this.#receiver(stage, pass);
    const { families } = runner;
    const features: CountedFeatures[] = [];
    let mark = performance.now();
    for (const row of open) {
      for (let i = 0; i < families.length; i++) features[i] = this.#featuresOf(row, families[i]!, pass);
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

  /** Valid until the family is counted for another row. */
  #featuresOf(row: number, family: FeatureFamily, pass: Pass): CountedFeatures {
    const kept = this.#kept[family];
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
    if (!mayExit(lowest, highest, pass.rows.thresholdsOf(row), options.exactScores)) return false;
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

  /** No feature of any family that says anything of the content; those of `families` are counted already. */
  #isBlank(row: number, families: readonly FeatureFamily[], pass: Pass): boolean {
    for (const family of families) if (this.#hasContent(family)) return false;
    for (const other of featureFamilies) {
      if (families.includes(other)) continue;
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
    return this.blend.stages[stage]!.kind === 'forest'
      ? this.#treeSumReceiver(stage, pass)
      : this.#memberReceiver(stage, pass);
  }

  #memberReceiver(stage: number, { logOdds, result, options }: Pass): RowReceiver {
    const told = membersOfStage(this.blend.stages[stage]!);
    const members = this.#manifest.members.length;
    return (row, values, at) => {
      logOdds[row] = this.blend.addMembers(stage, logOdds[row]!, values, at);
      if (options.keepMembers)
        for (const [i, member] of told.entries()) result.members[row * members + member] = values[at + i]!;
    };
  }

  #treeSumReceiver(stage: number, { logOdds, treeSum, result, options }: Pass): RowReceiver {
    const [member] = membersOfStage(this.blend.stages[stage]!);
    const members = this.#manifest.members.length;
    const closes = this.blend.closesForest(stage);
    return (row, values, at) => {
      const trees = treeSum[row]! + values[at]!;
      treeSum[row] = closes ? 0 : trees;
      if (!closes) return;
      logOdds[row] = this.blend.addForest(stage, logOdds[row]!, trees);
      if (options.keepMembers) result.members[row * members + member!] = this.blend.forestValue(stage, trees);
    };
  }
}

function makeStage(
  stage: ModelStage,
  graph: Graph,
  vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>,
): RowStage {
  const { families } = stage;
  if (stage.kind === 'linear') {
    const paddings = families.map((family) => vocabularies[family].size);
    return new LinearStage(graph, families, stage.members.length, paddings);
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
