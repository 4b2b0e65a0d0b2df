import { type FeatureFamily, tensorNames } from '../src/core/model-manifest.ts';
import type { CountedFeatures } from '../src/text/feature-counts.ts';
import type { Graph, GraphInput } from './graph.ts';
import { PaddedRows, paddedLength } from './padded-rows.ts';
import type { RowReceiver, RowStage } from './row-stage.ts';

/** Rows whose padded lengths are the same, family by family. */
interface Group {
  readonly rows: Int32Array;
  readonly families: readonly PaddedRows[];
}

/** At most this many cells (rows × lengths) a run: what a run touches stays in the second-level cache. */
const MAX_CELLS = 16_384;
/** More than any padded length. */
const LENGTHS = 2 ** 20;

/** Runs a linear graph over rows of ids and counts, those of like length together. */
export class LinearStage implements RowStage {
  readonly families: readonly FeatureFamily[];
  readonly #graph: Graph;
  readonly #outputs: number;
  readonly #paddings: readonly number[];
  readonly #lengthOf: (size: number) => number;
  readonly #groups = new Map<number, Group>();

  /**
   * `outputs`: K, the base models that the graph states; `paddings`: per family, the id whose weights are zero; `lengthOf`: what a row of so
   * many features is padded to.
   */
  constructor(
    graph: Graph,
    families: readonly FeatureFamily[],
    outputs: number,
    paddings: readonly number[],
    lengthOf: (size: number) => number = paddedLength,
  ) {
    this.#lengthOf = lengthOf;
    this.#graph = graph;
    this.families = families;
    this.#outputs = outputs;
    this.#paddings = paddings;
  }

  add(row: number, features: readonly CountedFeatures[], receive: RowReceiver): Promise<void> | undefined {
    let key = 0;
    for (const { size } of features) key = key * LENGTHS + this.#lengthOf(size);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = this.#newGroup(features);
      this.#groups.set(key, group);
    }
    const { rows, families } = group;
    const at = families[0]!.size;
    for (let f = 0; f < families.length; f++) families[f]!.add(features[f]!);
    rows[at] = row;
    return at + 1 === rows.length ? this.#run(group, receive) : undefined;
  }

  async finish(receive: RowReceiver): Promise<void> {
    for (const group of this.#groups.values())
      if (group.families[0]!.size > 0) await this.#run(group, receive);
  }

  clear(): void {
    for (const { families } of this.#groups.values()) for (const padded of families) padded.clear();
  }

  release(): Promise<void> {
    return this.#graph.release();
  }

  #newGroup(features: readonly CountedFeatures[]): Group {
    const lengths = features.map(({ size }) => this.#lengthOf(size));
    const cells = lengths.reduce((sum, length) => sum + length, 0);
    const capacity = Math.max(1, Math.floor(MAX_CELLS / cells));
    return {
      rows: new Int32Array(capacity),
      families: lengths.map((length, f) => new PaddedRows(length, capacity, this.#paddings[f]!)),
    };
  }

  async #run({ rows, families }: Group, receive: RowReceiver): Promise<void> {
    const inputs: Record<string, GraphInput> = {};
    for (const [f, family] of this.families.entries()) {
      inputs[tensorNames.ids[family]] = families[f]!.ids;
      inputs[tensorNames.counts[family]] = families[f]!.counts;
    }
    const values = await this.#graph.run(inputs, tensorNames.scores);
    const { size } = families[0]!;
    for (let i = 0; i < size; i++) receive(rows[i]!, values, i * this.#outputs);
    for (const padded of families) padded.clear();
  }
}
