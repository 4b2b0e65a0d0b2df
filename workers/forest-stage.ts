import type { FeatureFamily } from '../src/core/model-manifest.ts';
import { tensorNames } from '../src/core/model-manifest.ts';
import type { CountedFeatures } from '../src/text/feature-counts.ts';
import type { Graph } from './graph.ts';

/** At most this many cells (rows × columns) of the dense matrix a run: 2 MiB of float32. */
const MAX_CELLS = 524_288;

/** Called once per row with the sum over the block's trees. */
export type TreeSumReceiver = (row: number, treeSum: number) => void;

/** Runs one block of a forest over the dense columns that its trees test. */
export class ForestStage {
  readonly family: FeatureFamily;
  readonly #graph: Graph;
  readonly #width: number;
  readonly #capacity: number;
  /** Feature id → column, -1 for features that no tree of the block tests. */
  readonly #columnOf: Int32Array;
  readonly #cells: Float32Array;
  readonly #rows: Int32Array;
  #size = 0;

  constructor(graph: Graph, family: FeatureFamily, columns: readonly number[], vocabularySize: number) {
    this.#graph = graph;
    this.family = family;
    this.#width = Math.max(1, columns.length);
    this.#capacity = Math.max(1, Math.min(256, Math.floor(MAX_CELLS / this.#width)));
    this.#columnOf = new Int32Array(vocabularySize).fill(-1);
    for (let c = 0; c < columns.length; c++) this.#columnOf[columns[c]!] = c;
    this.#cells = new Float32Array(this.#capacity * this.#width);
    this.#rows = new Int32Array(this.#capacity);
  }

  /** As {@link LinearStage.add}. */
  add(row: number, features: CountedFeatures, receive: TreeSumReceiver): Promise<void> | undefined {
    const at = this.#size * this.#width;
    const { size, ids, counts } = features;
    for (let i = 0; i < size; i++) {
      const column = this.#columnOf[ids[i]!]!;
      if (column >= 0) this.#cells[at + column] = counts[i]!;
    }
    this.#rows[this.#size++] = row;
    return this.#size === this.#capacity ? this.#run(receive) : undefined;
  }

  async finish(receive: TreeSumReceiver): Promise<void> {
    if (this.#size > 0) await this.#run(receive);
  }

  release(): Promise<void> {
    return this.#graph.release();
  }

  async #run(receive: TreeSumReceiver): Promise<void> {
    const cells = this.#cells.subarray(0, this.#size * this.#width);
    const sums = await this.#graph.run(
      { [tensorNames.columns]: { data: cells, dims: [this.#size, this.#width] } },
      tensorNames.treeSum,
    );
    for (let i = 0; i < this.#size; i++) receive(this.#rows[i]!, sums[i]!);
    cells.fill(0);
    this.#size = 0;
  }
}
