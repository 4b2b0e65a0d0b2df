import { type FeatureFamily, tensorNames } from '../src/core/model-manifest.ts';
import type { CountedFeatures } from '../src/text/feature-counts.ts';
import type { Graph } from './graph.ts';
import type { RowReceiver, RowStage } from './row-stage.ts';

/** At most this many cells (rows × columns) of the dense matrix a run: 2 MiB of float32. */
const MAX_CELLS = 524_288;

/** The columns of a stage's dense input that one family fills. */
export interface FamilyColumns {
  readonly family: FeatureFamily;
  /** Feature ids, ascending, in the order of the columns. */
  readonly columns: readonly number[];
  readonly vocabularySize: number;
}

/** Runs trees (boosted ones, or a block of a forest) over the dense columns that they test; one number a row. */
export class TreeStage implements RowStage {
  readonly families: readonly FeatureFamily[];
  readonly #graph: Graph;
  readonly #output: string;
  readonly #width: number;
  readonly #capacity: number;
  /** Per family, feature id → column, -1 for features that no tree tests. */
  readonly #columnOf: readonly Int32Array[];
  readonly #cells: Float32Array;
  readonly #rows: Int32Array;
  /** Places of the cells that are not zero. */
  #touched = new Int32Array(4096);
  #touchedSize = 0;
  #size = 0;

  /** `output`: name of the tensor that the graph answers. */
  constructor(graph: Graph, output: string, families: readonly FamilyColumns[]) {
    this.#graph = graph;
    this.#output = output;
    this.families = families.map(({ family }) => family);
    let width = 0;
    this.#columnOf = families.map(({ columns, vocabularySize }) => {
      const columnOf = new Int32Array(vocabularySize).fill(-1);
      for (const id of columns) columnOf[id] = width++;
      return columnOf;
    });
    this.#width = Math.max(1, width);
    this.#capacity = Math.max(1, Math.min(256, Math.floor(MAX_CELLS / this.#width)));
    this.#cells = new Float32Array(this.#capacity * this.#width);
    this.#rows = new Int32Array(this.#capacity);
  }

  add(row: number, features: readonly CountedFeatures[], receive: RowReceiver): Promise<void> | undefined {
    const at = this.#size * this.#width;
    for (let f = 0; f < features.length; f++) {
      const { size, ids, counts } = features[f]!;
      const columnOf = this.#columnOf[f]!;
      for (let i = 0; i < size; i++) {
        const column = columnOf[ids[i]!]!;
        if (column < 0) continue;
        // Noted first: a cell that is filled and not noted would stay filled.
        if (this.#touchedSize === this.#touched.length) this.#growTouched();
        this.#touched[this.#touchedSize++] = at + column;
        this.#cells[at + column] = counts[i]!;
      }
    }
    this.#rows[this.#size++] = row;
    return this.#size === this.#capacity ? this.#run(receive) : undefined;
  }

  async finish(receive: RowReceiver): Promise<void> {
    if (this.#size > 0) await this.#run(receive);
  }

  clear(): void {
    // Few of the cells were filled, and the matrix is large.
    for (let i = 0; i < this.#touchedSize; i++) this.#cells[this.#touched[i]!] = 0;
    this.#touchedSize = 0;
    this.#size = 0;
  }

  release(): Promise<void> {
    return this.#graph.release();
  }

  async #run(receive: RowReceiver): Promise<void> {
    const cells = this.#cells.subarray(0, this.#size * this.#width);
    const input = { data: cells, dims: [this.#size, this.#width] };
    const values = await this.#graph.run({ [tensorNames.columns]: input }, this.#output);
    for (let i = 0; i < this.#size; i++) receive(this.#rows[i]!, values, i);
    this.clear();
  }

  #growTouched(): void {
    const more = new Int32Array(this.#touched.length * 2);
    more.set(this.#touched);
    this.#touched = more;
  }
}
