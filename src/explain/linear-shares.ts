import { SluiceError } from '../core/errors.ts';
import type { FeatureFamily, ModelStage } from '../core/model-manifest.ts';
import {
  type BaseModelShares,
  type FeatureRow,
  meanSlope,
  type StageShares,
  scale,
  sigmoid,
  sizeOf,
  startOf,
} from './base-model-shares.ts';
import { Network } from './network-shares.ts';
import type { OnnxFile } from './onnx-file.ts';

/** A family's weights: a column of idf, then one of each linear base model and each unit of a network, then padding. */
interface Table {
  readonly family: FeatureFamily;
  readonly cells: Float32Array;
}

/**
 * Divides what the base models of a linear graph return. The path leads from a text without features straight to the message's normalized
 * row: so a linear base model's share is in proportion to weight · value.
 */
export class LinearShares implements StageShares {
  readonly #members: readonly number[];
  readonly #tables: readonly Table[];
  readonly #width: number;
  readonly #biases: Float32Array;
  readonly #networks: readonly Network[];
  readonly #isLog: boolean;
  readonly #isNormalized: boolean;

  /** Throws `MODEL_CORRUPT` for a graph that is not of the trainer's form. */
  constructor(stage: Extract<ModelStage, { readonly kind: 'linear' }>, file: OnnxFile) {
    const biases = file.tensors.get('biases');
    const tables = stage.families.map((family) => ({
      family,
      cells: file.tensors.get(`table_${family}`)?.floats ?? new Float32Array(0),
    }));
    if (biases === undefined || tables.some(({ cells }) => cells.length === 0))
      throw new SluiceError(
        'MODEL_CORRUPT',
        `${stage.file} has no weights where training writes them, so its scores cannot be explained; train the model again.`,
      );
    this.#members = stage.members;
    this.#tables = tables;
    this.#width = biases.floats.length;
    this.#biases = biases.floats;
    this.#networks = Network.allOf(file);
    this.#isLog = file.nodes.some(({ operator }) => operator === 'Log');
    this.#isNormalized = file.nodes.some(({ operator }) => operator === 'ReduceL2');
  }

  of(row: FeatureRow): readonly BaseModelShares[] {
    const added = this.#addedBy(row);
    const linear = this.#members.length - this.#networks.length;
    const found: BaseModelShares[] = [];
    for (let k = 0; k < linear; k++) found.push(this.#linear(this.#members[k]!, 1 + k, added));
    let at = 1 + linear;
    for (const [number, network] of this.#networks.entries()) {
      found.push(this.#network(this.#members[linear + number]!, network, at, added));
      at += network.units;
    }
    return found;
  }

  /** What each feature adds to each column's sum: row-major [features, width]. */
  #addedBy(row: FeatureRow): Float64Array {
    const width = this.#width;
    const added = new Float64Array(sizeOf(row) * width);
    for (const { family, cells } of this.#tables) {
      const { size, ids, counts } = row[family];
      const start = startOf(family, row);
      let squares = 0;
      for (let i = 0; i < size; i++) squares += (this.#frequency(counts[i]!) * cells[ids[i]! * width]!) ** 2;
      const length = this.#isNormalized ? Math.max(Math.sqrt(squares), SMALLEST_NORM) : 1;
      for (let i = 0; i < size; i++) {
        const value = this.#frequency(counts[i]!) / length;
        for (let column = 1; column < width; column++)
          added[(start + i) * width + column] = value * cells[ids[i]! * width + column]!;
      }
    }
    return added;
  }

  #frequency(count: number): number {
    return this.#isLog ? 1 + Math.log(Math.max(count, 1)) : count;
  }

  #linear(member: number, column: number, added: Float64Array): BaseModelShares {
    const shares = new Float64Array(added.length / this.#width);
    const bias = this.#biases[column]!;
    let margin = bias;
    for (let i = 0; i < shares.length; i++) {
      shares[i] = added[i * this.#width + column]!;
      margin += shares[i]!;
    }
    scale(shares, meanSlope(bias, margin));
    return { member, atEmpty: sigmoid(bias), value: sigmoid(margin), shares };
  }

  #network(member: number, network: Network, at: number, added: Float64Array): BaseModelShares {
    const { units } = network;
    const features = added.length / this.#width;
    const own = new Float64Array(features * units);
    const biases = Float64Array.from(this.#biases.subarray(at, at + units));
    const sums = biases.slice();
    for (let i = 0; i < features; i++)
      for (let u = 0; u < units; u++) {
        own[i * units + u] = added[i * this.#width + at + u]!;
        sums[u]! += own[i * units + u]!;
      }
    return {
      member,
      atEmpty: network.value(biases),
      value: network.value(sums),
      shares: network.shares(biases, sums, own),
    };
  }
}

/** As in `native-models/sluice_trainer/vectorizer.py`. */
const SMALLEST_NORM = 1e-12;
