import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanSlope, normalize } from '../../../src/explain/base-model-shares.ts';
import { LinearShares } from '../../../src/explain/linear-shares.ts';
import type { OnnxFile, OnnxNode } from '../../../src/explain/onnx-file.ts';

const node = (operator: string, inputs: string[], output: string): OnnxNode => ({
  operator,
  inputs,
  outputs: [output],
  numbers: new Map(),
  strings: new Map(),
});

/** Four features; columns: idf, one linear base model, two units of a network, padding. */
const table = [
  1, 2, 0.5, -1, 0, 0, 0, 0, 2, -3, 1, 1, 0, 0, 0, 0, 1, 0, -2, 3, 0, 0, 0, 0, 0.5, 4, 1, -1, 0, 0, 0, 0,
];
const tensor = (dims: number[], values: number[]) => ({ dims, floats: Float32Array.from(values) });

const file: OnnxFile = {
  nodes: [
    node('Log', ['x'], 'log'),
    node('ReduceL2', ['y'], 'length'),
    node('Relu', ['slice'], 'relu'),
    node('Gemm', ['relu', 'network_0_0_weights', 'network_0_0_biases'], 'gemm'),
    node('Sigmoid', ['gemm'], 'out'),
  ],
  tensors: new Map([
    ['table_words', tensor([5, 8], [...table, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['biases', tensor([8], [0, -1, 0.25, 0.5, 0, 0, 0, 0])],
    ['network_0_0_weights', tensor([2, 1], [1.5, -2])],
    ['network_0_0_biases', tensor([1], [0.1])],
  ]),
};
const stage = { kind: 'linear' as const, name: 'linear', file: 'linear.onnx', members: [0, 1] };
const linear = () => new LinearShares({ ...stage, families: ['words'] }, file);
const none = { size: 0, ids: new Int32Array(0), counts: new Float32Array(0) };
const rows = fc.subarray([0, 1, 2, 3], { minLength: 1 }).chain((ids) =>
  fc
    .array(fc.integer({ min: 1, max: 9 }), { minLength: ids.length, maxLength: ids.length })
    .map((counts) => ({
      words: { size: ids.length, ids: Int32Array.from(ids), counts: Float32Array.from(counts) },
      grams: none,
    })),
);

/** What the graph computes, straight from the definition in graphs.py. */
function expected({ words: { ids, counts } }: { words: { ids: Int32Array; counts: Float32Array } }) {
  const at = (id: number, column: number) => table[id * 8 + column]!;
  const tf = [...counts].map((count) => 1 + Math.log(count));
  const length = Math.hypot(...[...ids].map((id, i) => tf[i]! * at(id, 0)));
  const sum = (column: number) =>
    [...ids].reduce((total, id, i) => total + (tf[i]! * at(id, column)) / length, 0);
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const relu = (z: number) => Math.max(0, z);
  return {
    linear: sigmoid(sum(1) - 1),
    network: sigmoid(1.5 * relu(sum(2) + 0.25) - 2 * relu(sum(3) + 0.5) + 0.1),
    weights: [...ids].map((id, i) => (tf[i]! * at(id, 1)) / length),
  };
}

describe('LinearShares', () => {
  it('LinearShares computes what the graph does, and its shares add up to the difference from a text without features', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const [one, network] = linear().of(row);
        const { linear: score, network: output } = expected(row);
        expect(one!.value).toBeCloseTo(score, 6);
        expect(network!.value).toBeCloseTo(output, 6);
        for (const { shares, value, atEmpty } of [one!, network!])
          expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(value - atEmpty, 12);
      }),
    );
  });

  it('LinearShares divides a linear base model in proportion to weight times value', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const [one] = linear().of(row);
        const { weights } = expected(row);
        const margin = weights.reduce((a, b) => a + b, 0);
        const slope = meanSlope(-1, -1 + margin);
        for (const [i, weight] of weights.entries()) expect(one!.shares[i]).toBeCloseTo(weight * slope, 6);
      }),
    );
  });

  it('LinearShares gives a feature no share of the network if no unit reads it', () => {
    const silent = table.map((value, i) => (i === 2 || i === 3 ? 0 : value));
    const tensors = new Map(file.tensors);
    tensors.set('table_words', tensor([5, 8], [...silent, 0, 0, 0, 0, 0, 0, 0, 0]));
    const row = { words: { size: 2, ids: Int32Array.of(0, 2), counts: Float32Array.of(1, 2) }, grams: none };
    const [, network] = new LinearShares({ ...stage, families: ['words'] }, { ...file, tensors }).of(row);
    expect(network!.shares[0]).toBe(0);
    expect(network!.shares[1]).toBeCloseTo(network!.value - network!.atEmpty, 12);
  });

  it('LinearShares refuses a graph without weights as a corrupt model', () => {
    expect(
      () => new LinearShares({ ...stage, families: ['words'] }, { nodes: [], tensors: new Map() }),
    ).toThrow(expect.objectContaining({ code: 'MODEL_CORRUPT' }));
  });
});

describe('normalize', () => {
  it('normalize makes shares add up to a total, and keeps their signs if little is missing', () => {
    const shares = Float64Array.of(0.5, -0.25, 0);
    normalize(shares, 0.3);
    expect(shares[0]! + shares[1]! + shares[2]!).toBeCloseTo(0.3, 12);
    expect([...shares].map(Math.sign)).toEqual([1, -1, 0]);
  });
});
