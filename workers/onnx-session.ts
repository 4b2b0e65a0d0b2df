import { type FeatureFamily, featureFamilies, type ModelManifest } from '../src/core/model-manifest.ts';
import { Blend } from '../src/decide/blend.ts';
import { mayExit } from '../src/decide/early-exit.ts';
import { RowOdds } from '../src/decide/row-odds.ts';
import { Trust } from '../src/decide/trust.ts';
import type { Featurizer, PreparedText } from '../src/text/featurizer.ts';
import type { Vocabulary } from '../src/text/vocabulary.ts';
import { FeatureCache } from './feature-cache.ts';
import type { Graph } from './graph.ts';
import { MessageWindows } from './message-windows.ts';
import { ListedRows, type Row, type RowSource } from './row-source.ts';
import { ScoredRows } from './scored-rows.ts';
import { type EvaluateOptions, exactScoresOf, type Pass } from './scoring-pass.ts';
import { BLANK, StageRunner } from './stage-runner.ts';
import { TrafficTally } from './traffic-tally.ts';

export { BLANK, type EvaluateOptions };

type FeatureCaches = Readonly<Record<FeatureFamily, FeatureCache>>;

/**
 * A model's graphs, run stage by stage, cheapest first; a row leaves as soon as no outcome of the later stages can change
 * its band. After the whole messages, parts of them are run through the first stage. One evaluation at a time; one that threw
 * leaves nothing to the next.
 */
export class OnnxSession {
  readonly blend: Blend;
  readonly #manifest: ModelManifest;
  readonly #featurizer: Featurizer;
  readonly #runner: StageRunner;
  readonly #trust: Trust | null;
  readonly #windows: MessageWindows | null;
  /** Of the messages of the last evaluation. */
  readonly traffic = new TrafficTally();
  readonly #cached: FeatureCaches = { words: new FeatureCache(), grams: new FeatureCache() };
  readonly #cachedOfWindows: FeatureCaches = { words: new FeatureCache(), grams: new FeatureCache() };

  /** `graphs`: one per stage of the manifest; `strengths`: by id of the words, needed by a model with windows. */
  constructor(
    manifest: ModelManifest,
    graphs: readonly Graph[],
    featurizer: Featurizer,
    vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>,
    strengths: Float32Array = new Float32Array(vocabularies.words.size),
  ) {
    this.#manifest = manifest;
    this.#featurizer = featurizer;
    this.blend = new Blend(manifest);
    this.#runner = new StageRunner(manifest, this.blend, graphs, featurizer, vocabularies);
    this.#trust = manifest.trust === undefined ? null : new Trust(manifest.trust);
    this.#windows = manifest.windows === undefined ? null : new MessageWindows(manifest.windows, strengths);
  }

  /** Seconds spent on features during the last evaluation; the rest of it was graphs. */
  get featurizeSeconds(): number {
    return this.#runner.featurizeSeconds;
  }

  /** Seconds spent in the graph of each stage during the last evaluation, without the parts of messages. */
  get stageSeconds(): readonly number[] {
    return Array.from(this.#runner.stageSeconds);
  }

  async evaluate(given: RowSource | readonly Row[], options: EvaluateOptions): Promise<ScoredRows> {
    const rows = 'size' in given ? given : new ListedRows(given);
    const windows = options.wholeOnly === true ? null : this.#windows;
    this.#runner.featurizeSeconds = 0;
    this.#runner.stageSeconds.fill(0);
    windows?.begin();
    this.traffic.begin();
    const pass = this.#newPass(rows, options, this.#cached, false, (row) => {
      const { lastWords } = this.#featurizer;
      windows?.look(row, lastWords);
      this.traffic.add(lastWords.units, this.#featurizer.lastLanguage);
    });
    await this.#run(pass);
    if (windows?.isEmpty === false) await this.#scoreWindows(windows, pass);
    return pass.result;
  }

  /** The row's text without its obfuscation; holds until another is asked for. */
  prepared(row: number, rows: RowSource, result: ScoredRows): PreparedText {
    return this.#runner.prepared(row, rows, result);
  }

  async release(): Promise<void> {
    await this.#runner.release();
  }

  /** Scores the parts that can still change what is known of their message, by the first stage alone, and adds what comes of it. */
  async #scoreWindows(windows: MessageWindows, { rows, result, options }: Pass): Promise<void> {
    const mark = performance.now();
    const parts = windows.cut(rows, result, this.#featurizer, options);
    this.#runner.featurizeSeconds += (performance.now() - mark) / 1000;
    if (parts.size === 0) return;
    const pass = this.#newPass(parts, { ...options, keepBaseModels: false }, this.#cachedOfWindows, true);
    for (let row = 0; row < parts.size; row++) {
      const { slope, offset, most } = parts.lineOf(row);
      pass.odds.setLine(row, slope, offset);
      pass.odds.limit(row, most);
    }
    this.#runner.clear();
    await this.#runner.runParts(everyRow(parts), pass);
    for (let row = 0; row < parts.size; row++) {
      // What nothing is known of says nothing of its message.
      if (pass.result.endedAt[row] === BLANK) this.#report(row, 0, pass);
      else if (!this.#isFinite(row, pass)) pass.result.unscorable[row] = 1;
      else
        this.#report(
          row,
          pass.odds.probability(row, this.blend.calibratedAfterFirst(pass.logOdds[row]!)),
          pass,
        );
    }
    parts.merge(pass.result, result);
  }

  #newPass(
    rows: RowSource,
    options: EvaluateOptions,
    kept: FeatureCaches,
    isOfParts: boolean,
    look?: (row: number) => void,
  ): Pass {
    for (const family of featureFamilies) kept[family].begin(rows.size);
    const members = options.keepBaseModels ? this.#manifest.members.length : 0;
    const odds = new RowOdds(this.#manifest, rows.size);
    return {
      rows,
      options,
      result: new ScoredRows(rows.size, members, kept),
      logOdds: new Float64Array(rows.size).fill(this.blend.start),
      treeSum: new Float64Array(rows.size),
      odds,
      onWords: (row) => {
        if (!isOfParts) {
          const { bias } = rows.thresholdsOf(row);
          if (bias !== undefined) odds.setLine(row, 1, bias);
        }
        if (this.#trust !== null) this.#setTrust(this.#trust, row, rows, odds);
        look?.(row);
      },
    };
  }

  /** Of a row whose words were just counted. */
  #setTrust(trust: Trust, row: number, rows: RowSource, odds: RowOdds): void {
    const { known, share } = this.#featurizer.lastWords.units;
    odds.setTrust(row, trust.of(known, share));
    // Links, numbers, capitals and length alone make a message a case for people at most.
    if (known === 0) odds.limit(row, rows.thresholdsOf(row).rejectMax);
  }

  /** Runs the stages over all rows, each until its band is certain. */
  async #run(pass: Pass): Promise<void> {
    this.#runner.clear();
    let open = everyRow(pass.rows);
    for (let stage = 0; stage < this.#runner.size && open.length > 0; stage++) {
      await this.#runner.run(stage, open, pass);
      open = open.filter((row) => !this.#settle(stage, row, pass));
    }
  }

  #bound(stage: number, row: number, pass: Pass, side: 'lowest' | 'highest'): number {
    const value = this.blend.calibratedBound(stage, pass.logOdds[row]!, pass.treeSum[row]!, side);
    return pass.odds.probability(row, value);
  }

  /** Takes the row out when its band is certain; answers whether it did. */
  #settle(stage: number, row: number, pass: Pass): boolean {
    const { result, options, odds } = pass;
    if (result.endedAt[row] === BLANK) {
      this.#report(row, odds.priorOf(row, this.#manifest.prior), pass);
      return true;
    }
    if (!this.#isFinite(row, pass)) {
      result.unscorable[row] = 1;
      result.endedAt[row] = stage;
      return true;
    }
    if (stage === this.#runner.size - 1) {
      this.#report(row, odds.probability(row, this.blend.calibrated(pass.logOdds[row]!)), pass);
      result.endedAt[row] = stage;
      return true;
    }
    const exactScores = exactScoresOf(options, row);
    if (exactScores === 'all') return false;
    const highest = this.#bound(stage, row, pass, 'highest');
    const lowest = this.#bound(stage, row, pass, 'lowest');
    if (!mayExit(lowest, highest, pass.rows.thresholdsOf(row), exactScores)) return false;
    result.lowest[row] = lowest;
    result.highest[row] = highest;
    result.endedAt[row] = stage;
    return true;
  }

  #isFinite(row: number, { logOdds, treeSum }: Pass): boolean {
    return Number.isFinite(logOdds[row]!) && Number.isFinite(treeSum[row]!);
  }

  #report(row: number, probability: number, { result }: Pass): void {
    result.probability[row] = probability;
    result.lowest[row] = probability;
    result.highest[row] = probability;
  }
}

function everyRow({ size }: RowSource): Int32Array<ArrayBuffer> {
  const rows = new Int32Array(size);
  for (let row = 0; row < size; row++) rows[row] = row;
  return rows;
}
