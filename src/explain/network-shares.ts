import { SluiceError } from '../core/errors.ts';
import { normalize } from './base-model-shares.ts';
import type { OnnxFile, OnnxNode } from './onnx-file.ts';

interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major [inputs, outputs]. */
  readonly weights: Float32Array;
  readonly biases: Float32Array;
  readonly activation: Activation;
}

interface Activation {
  value(z: number): number;
  /** Of the value, not of z. */
  slope(value: number): number;
}

const activations: Readonly<Record<string, Activation>> = {
  Relu: { value: (z) => Math.max(0, z), slope: (value) => (value > 0 ? 1 : 0) },
  Tanh: { value: Math.tanh, slope: (value) => 1 - value * value },
  Sigmoid: { value: (z) => 1 / (1 + Math.exp(-z)), slope: (value) => value * (1 - value) },
  Identity: { value: (z) => z, slope: () => 1 },
};

/** Points of the path at which the slopes are taken. */
const STEPS = 48;

/** A network behind its first layer's sums, which the linear graph computes. */
export class Network {
  /** Units of the first layer. */
  readonly units: number;
  readonly #first: Activation;
  readonly #layers: readonly Layer[];

  private constructor(first: Activation, layers: readonly Layer[]) {
    this.units = layers[0]!.inputs;
    this.#first = first;
    this.#layers = layers;
  }

  /** The networks of a linear graph, in the order of its outputs. Throws `MODEL_CORRUPT` for a graph of another form. */
  static allOf(file: OnnxFile): readonly Network[] {
    const networks: Network[] = [];
    while (file.tensors.has(`network_${networks.length}_0_weights`))
      networks.push(Network.#read(file, networks.length));
    return networks;
  }

  static #read(file: OnnxFile, number: number): Network {
    const layers: Layer[] = [];
    let first: Activation | undefined;
    for (;;) {
      const weights = file.tensors.get(`network_${number}_${layers.length}_weights`);
      const biases = file.tensors.get(`network_${number}_${layers.length}_biases`);
      if (weights === undefined || biases === undefined) break;
      const gemm = file.nodes.find(({ inputs }) =>
        inputs.includes(`network_${number}_${layers.length}_weights`),
      );
      const before = file.nodes.find(({ outputs }) => outputs[0] === gemm?.inputs[0]);
      const after = file.nodes.find(({ inputs }) => inputs[0] === gemm?.outputs[0]);
      first ??= activationOf(before);
      const [inputs = 0, outputs = 0] = weights.dims;
      layers.push({
        inputs,
        outputs,
        weights: weights.floats,
        biases: biases.floats,
        activation: activationOf(after),
      });
    }
    return new Network(first!, layers);
  }

  /** The output for the first layer's sums. */
  value(sums: Float64Array): number {
    return this.#run(sums)[this.#layers.length]![0]!;
  }

  /**
   * Shares of the output by integrated gradients [1]: the slopes along the straight path from the first layer's biases to its sums, times
   * what a feature adds to each sum. The mean over the path is taken at some points; what that leaves is divided among the features.
   *
   * [1] M. Sundararajan, A. Taly, Q. Yan, "Axiomatic attribution for deep networks", ICML 2017.
   *
   * `added`: row-major [features, units].
   */
  shares(biases: Float64Array, sums: Float64Array, added: Float64Array): Float64Array {
    const { units } = this;
    const slopes = new Float64Array(units);
    const point = new Float64Array(units);
    for (let step = 0; step < STEPS; step++) {
      const part = (step + 0.5) / STEPS;
      for (let u = 0; u < units; u++) point[u] = biases[u]! + part * (sums[u]! - biases[u]!);
      const slope = this.#slopes(point);
      for (let u = 0; u < units; u++) slopes[u]! += slope[u]! / STEPS;
    }
    const shares = new Float64Array(added.length / units);
    for (let i = 0; i < shares.length; i++)
      for (let u = 0; u < units; u++) shares[i]! += slopes[u]! * added[i * units + u]!;
    normalize(shares, this.value(sums) - this.value(biases));
    return shares;
  }

  /** Values of the units of each layer, the first one's included. */
  #run(sums: Float64Array): readonly Float64Array[] {
    const values = [sums.map((z) => this.#first.value(z))];
    for (const { inputs, outputs, weights, biases, activation } of this.#layers) {
      const before = values.at(-1)!;
      const next = Float64Array.from(biases);
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < outputs; o++) next[o]! += before[i]! * weights[i * outputs + o]!;
      for (let o = 0; o < outputs; o++) next[o] = activation.value(next[o]!);
      values.push(next);
    }
    return values;
  }

  /** Of the output by the first layer's sums. */
  #slopes(sums: Float64Array): Float64Array {
    const values = this.#run(sums);
    let slope = Float64Array.of(1);
    for (let l = this.#layers.length - 1; l >= 0; l--) {
      const { inputs, outputs, weights, activation } = this.#layers[l]!;
      const before = new Float64Array(inputs);
      for (let o = 0; o < outputs; o++) {
        const at = slope[o]! * activation.slope(values[l + 1]![o]!);
        for (let i = 0; i < inputs; i++) before[i]! += at * weights[i * outputs + o]!;
      }
      slope = before;
    }
    return slope.map((value, u) => value * this.#first.slope(values[0]![u]!));
  }
}

function activationOf(node: OnnxNode | undefined): Activation {
  const activation = node === undefined ? undefined : activations[node.operator];
  if (activation === undefined)
    throw new SluiceError(
      'MODEL_CORRUPT',
      `The network of a graph has the activation "${node?.operator ?? 'none'}", which cannot be explained; train the model again.`,
    );
  return activation;
}
