import { type ModelManifest, tensorNames } from '../../../src/core/model-manifest.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import type { Graph } from '../../../workers/graph.ts';
import type { LoadedModel } from '../../../workers/loaded-model.ts';
import { OnnxSession } from '../../../workers/onnx-session.ts';

export const limits = { rejectMin: 0.5, rejectMax: 0.7 };
export const windows = {
  words: [3, 5],
  from: 6,
  least: 0,
  parts: 2,
  slope: 0.9,
  shift: 0.5,
  perDoubling: 0.2,
  most: 0.95,
};
export const trust = {
  words: [
    { from: 0, trust: 0.2 },
    { from: 2, trust: 0.7 },
    { from: 4, trust: 1 },
  ],
  share: [
    { from: 0, trust: 0.5 },
    { from: 0.5, trust: 1 },
  ],
};
export type Parts = Pick<
  ModelManifest,
  'members' | 'stages' | 'blender' | 'prior' | 'windows' | 'trust' | 'languages'
>;
export const manifest: Parts = {
  members: [
    { name: 'words', families: ['words'], min: 0, max: 1, weight: 9 },
    { name: 'grams', families: ['grams'], min: 0, max: 1, weight: 3 },
    { name: 'trees', families: ['words'], min: 0, max: 1, weight: 2 },
  ],
  stages: [
    { kind: 'linear', name: 'words', file: 'a.onnx', families: ['words'], members: [0] },
    { kind: 'linear', name: 'grams', file: 'b.onnx', families: ['grams'], members: [1] },
    { kind: 'trees', name: 't', file: 'c.onnx', families: ['words'], member: 2, columns: { words: [0, 1] } },
  ],
  blender: { kind: 'logistic', bias: -7, calibration: { scale: 1.1, shift: 0.05 } },
  prior: 0.2,
  languages: ['en'],
  windows,
};

const names = ['w:prize', 'w:claim', 'w:free', 'w:dinner', 'w:lake', 'w:train', 'n:4d', 'w:odd'];
const strengths = Float32Array.of(40, 30, 20, -40, -30, -20, 5, 0);
const vocabularies = {
  words: Vocabulary.fromNames(names),
  grams: Vocabulary.fromNames(['g:pri', 'g:cla', 'g:din', 'g:lak']),
};

/** As a linear base model: the sigmoid of a sum over the row's ids, divided by the row's length. */
class SumGraph {
  readonly #weights: readonly number[];
  /** Rows that it was asked for. */
  asked = 0;
  constructor(weights: readonly number[]) {
    this.#weights = weights;
  }
  async run(
    inputs: Record<string, { data: ArrayLike<number>; dims: readonly number[] }>,
  ): Promise<Float32Array> {
    const family = inputs[tensorNames.ids.words] === undefined ? 'grams' : 'words';
    const ids = inputs[tensorNames.ids[family]] ?? inputs[tensorNames.columns]!;
    const [rows, width] = ids.dims as [number, number];
    this.asked += rows;
    const isDense = inputs[tensorNames.columns] !== undefined;
    return Float32Array.from({ length: rows }, (_, row) => {
      let sum = 0;
      let size = 0;
      for (let i = 0; i < width; i++) {
        const value = ids.data[row * width + i]!;
        if (!isDense && value === 7 && family === 'words') return Number.NaN;
        sum += isDense ? value * this.#weights[i]! : (this.#weights[value] ?? 0);
        if (isDense || value < this.#weights.length) size++;
      }
      return 1 / (1 + Math.exp(-sum / Math.sqrt(Math.max(1, size))));
    });
  }
}

/** A session of the stand-in model, and its graphs. */
export function session(changes: Partial<Parts> = {}) {
  const graphs = [
    new SumGraph([4, 3, 2, -4, -3, -2, 0.5, 0]),
    new SumGraph([2, 1, -2, -1]),
    new SumGraph([1.5, 0.5]),
  ];
  const featurizer = new Featurizer({ languages: manifest.languages, ownDomains: [] });
  const ofModel = { ...manifest, ...changes } as ModelManifest;
  const made = new OnnxSession(ofModel, graphs as unknown as Graph[], featurizer, vocabularies, strengths);
  const model: LoadedModel = {
    version: 'stand-in',
    manifest: ofModel,
    featurizer,
    vocabularies,
    strengths: { words: strengths, grams: new Float32Array(vocabularies.grams.size) },
    session: made,
  };
  return { made, graphs, model };
}
