import type { FeatureFamily } from '../src/core/model-manifest.ts';
import { tensorNames } from '../src/core/model-manifest.ts';
import type { CountedFeatures } from '../src/text/feature-counts.ts';
import type { Graph } from './graph.ts';
import { PaddedRows, paddedLength } from './padded-rows.ts';

/** Called once per row with the graph's outputs; the row's K values start at `values[at]`. */
export type MemberReceiver = (row: number, values: Float32Array, at: number) => void;

/** Runs a linear graph over rows of ids and counts, those of like length together. */
export class LinearStage {
  readonly family: FeatureFamily;
  readonly #graph: Graph;
  readonly #outputs: number;
  readonly #padding: number;
  readonly #waiting = new Map<number, PaddedRows>();

  /** `outputs`: K, the members that the graph tells; `padding`: the id whose weights are zero. */
  constructor(graph: Graph, family: FeatureFamily, outputs: number, padding: number) {
    this.#graph = graph;
    this.family = family;
    this.#outputs = outputs;
    this.#padding = padding;
  }

  /** Takes the row's features; resolves at once unless its group of rows is now full and has to run. */
  add(row: number, features: CountedFeatures, receive: MemberReceiver): Promise<void> | undefined {
    const length = paddedLength(features.size);
    let rows = this.#waiting.get(length);
    if (rows === undefined) {
      rows = new PaddedRows(length, this.#padding);
      this.#waiting.set(length, rows);
    }
    rows.add(row, features);
    return rows.full ? this.#run(rows, receive) : undefined;
  }

  /** Runs what still waits. */
  async finish(receive: MemberReceiver): Promise<void> {
    for (const rows of this.#waiting.values()) if (rows.size > 0) await this.#run(rows, receive);
  }

  release(): Promise<void> {
    return this.#graph.release();
  }

  async #run(rows: PaddedRows, receive: MemberReceiver): Promise<void> {
    const values = await this.#graph.run(
      { [tensorNames.ids]: rows.ids, [tensorNames.counts]: rows.counts },
      tensorNames.scores,
    );
    for (let i = 0; i < rows.size; i++) receive(rows.rows[i]!, values, i * this.#outputs);
    rows.clear();
  }
}
