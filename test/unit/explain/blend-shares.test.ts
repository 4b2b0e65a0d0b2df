import { describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../../src/core/model-manifest.ts';
import { BlendShares } from '../../../src/explain/blend-shares.ts';
import type { OnnxFile } from '../../../src/explain/onnx-file.ts';

const tensor = (dims: number[], values: number[]) => ({ dims, floats: Float32Array.from(values) });
/** Two features and two linear base models, with counts as they are. */
const file: OnnxFile = {
  nodes: [],
  tensors: new Map([
    ['table_words', tensor([3, 4], [1, 2, -1, 0, 1, -0.5, 3, 0, 0, 0, 0, 0])],
    ['biases', tensor([4], [0, -1, 0.5, 0])],
  ]),
};
const none = { size: 0, ids: new Int32Array(0), counts: new Float32Array(0) };
const row = {
  words: { size: 2, ids: Int32Array.of(0, 1), counts: Float32Array.of(1, 2) },
  grams: none,
};
const member = { families: ['words'], min: 0, max: 1 };
const stage = { kind: 'linear', families: ['words'], file: 'linear.onnx' };
const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe('BlendShares', () => {
  it('BlendShares under the blender identity are weight times value of a linear base model', () => {
    const manifest = {
      members: [{ ...member, name: 'one', weight: 1 }],
      stages: [{ ...stage, name: 'linear', members: [0] }],
      blender: { kind: 'identity' },
    } as unknown as ModelManifest;
    const { logOdds, shares } = new BlendShares(manifest, [file]).of(row, false);
    expect(logOdds).toBeCloseTo(-1 + 2 - 1, 9);
    expect(shares[0]).toBeCloseTo(2, 9);
    expect(shares[1]).toBeCloseTo(-1, 9);
  });

  it('BlendShares adds calibrated shares of all base models, and for a part those of the first stage with the weight of all', () => {
    const manifest = {
      members: [
        { ...member, name: 'one', weight: 2 },
        { ...member, name: 'two', weight: 1 },
      ],
      stages: [
        { ...stage, name: 'first', members: [0] },
        { ...stage, name: 'second', members: [1] },
      ],
      blender: { kind: 'logistic', bias: -1, calibration: { scale: 1.5, shift: 0.25 } },
    } as unknown as ModelManifest;
    const second = new Map(file.tensors);
    second.set('table_words', tensor([3, 4], [1, -1, 0, 0, 1, 3, 0, 0, 0, 0, 0, 0]));
    second.set('biases', tensor([4], [0, 0.5, 0, 0]));
    const blend = new BlendShares(manifest, [file, { nodes: [], tensors: second }]);
    const [one, two] = [sigmoid(0), sigmoid(0.5 - 1 + 6)];
    const whole = blend.of(row, false);
    expect(whole.start).toBeCloseTo(1.5 * (-1 + 2 * sigmoid(-1) + sigmoid(0.5)) + 0.25, 9);
    expect(whole.logOdds).toBeCloseTo(1.5 * (-1 + 2 * one + two) + 0.25, 6);
    expect(whole.start + sum(whole.shares)).toBeCloseTo(whole.logOdds, 12);
    expect(blend.prior).toBe(whole.start);
    const part = blend.of(row, true);
    expect(part.logOdds).toBeCloseTo(1.5 * (-1 + 1.5 * 2 * one) + 0.25, 6);
    expect(part.start + sum(part.shares)).toBeCloseTo(part.logOdds, 12);
    expect(part.scores[1]).toBeNull();
  });
});
