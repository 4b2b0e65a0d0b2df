import { describe, expect, it } from 'vitest';
import { type ModelManifest, tensorNames } from '../../../src/core/model-manifest.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import type { Graph } from '../../../workers/graph.ts';
import { BLANK, OnnxSession } from '../../../workers/onnx-session.ts';

const limits = { rejectMin: 0.5, rejectMax: 0.7 };

const manifest: Pick<ModelManifest, 'members' | 'stages' | 'blender' | 'prior'> = {
  members: [
    { name: 'words', family: 'words', min: 0, max: 1, weight: 8 },
    { name: 'grams', family: 'grams', min: 0, max: 1, weight: 1 },
    { name: 'forest', family: 'words', min: 0, max: 1, weight: 2 },
  ],
  stages: [
    { kind: 'linear', name: 'words', file: 'a.onnx', family: 'words', members: [0] },
    { kind: 'linear', name: 'grams', file: 'b.onnx', family: 'grams', members: [1] },
    { kind: 'forest', name: 'f1', file: 'c.onnx', family: 'words', member: 2, trees: 3, columns: [0] },
    { kind: 'forest', name: 'f2', file: 'd.onnx', family: 'words', member: 2, trees: 1, columns: [1] },
  ],
  blender: { bias: -5, calibration: { scale: 1, shift: 0 } },
  prior: 0.25,
};

/** A graph whose answers a test chooses, row by row, and which counts the rows that it was asked for. */
class StandInGraph {
  asked = 0;
  readonly #answer: (row: readonly number[]) => number;

  constructor(answer: (row: readonly number[]) => number) {
    this.#answer = answer;
  }

  async run(
    inputs: Record<string, { data: ArrayLike<number>; dims: readonly number[] }>,
  ): Promise<Float32Array> {
    const { data, dims } = inputs[tensorNames.ids] ?? inputs[tensorNames.columns]!;
    const [rows, width] = dims as [number, number];
    this.asked += rows;
    return Float32Array.from({ length: rows }, (_, i) =>
      this.#answer(Array.from({ length: width }, (_, j) => data[i * width + j]!)),
    );
  }
}

const vocabularies = {
  words: Vocabulary.fromNames(['w:prize', 'w:dinner', 'w:odd']),
  grams: Vocabulary.fromNames(['g:pr', 'g:di']),
};

function session(
  wordsAnswer = (row: readonly number[]) => (row.includes(0) ? 1 : row.includes(2) ? Number.NaN : 0),
) {
  const graphs = [
    new StandInGraph(wordsAnswer),
    new StandInGraph(() => 0.5),
    new StandInGraph((row) => 3 * Math.min(1, row[0]!)),
    new StandInGraph(() => 0.5),
  ];
  const made = new OnnxSession(
    manifest as ModelManifest,
    graphs as unknown as Graph[],
    new Featurizer({ languages: ['en'], ownDomains: [] }),
    vocabularies,
  );
  return { made, graphs };
}

const rows = (...texts: string[]) => texts.map((text) => ({ text, language: undefined, thresholds: limits }));
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

describe('a session', () => {
  it('adds every member in full evaluation, the forest as the mean over all its trees', async () => {
    const { made } = session();
    const result = await made.evaluate(rows('prize', 'dinner'), { exactScores: 'all', keepMembers: true });
    expect(result.probability[0]).toBeCloseTo(sigmoid(-5 + 8 + 0.5 + 2 * (3.5 / 4)), 12);
    expect(result.probability[1]).toBeCloseTo(sigmoid(-5 + 0 + 0.5 + 2 * (0.5 / 4)), 12);
    expect([...result.members.subarray(0, 3)]).toEqual([1, 0.5, 3.5 / 4]);
  });

  it('asks no later graph for a message whose band is certain', async () => {
    const { made, graphs } = session();
    const result = await made.evaluate(rows('prize', 'dinner', 'dinner'), {
      exactScores: 'notHam',
      keepMembers: false,
    });
    expect([...result.endedAt]).toEqual([3, 0, 0]);
    expect(graphs.map((graph) => graph.asked)).toEqual([3, 1, 1, 1]);
    expect(result.probability[1]).toBeNaN();
    expect(result.highest[1]).toBeCloseTo(sigmoid(-5 + 1 + 2), 12);
  });

  it('calls a message unscorable whose score is not a number, and goes on with the others', async () => {
    const { made } = session();
    const result = await made.evaluate(rows('odd', 'prize'), { exactScores: 'notHam', keepMembers: false });
    expect([...result.unscorable]).toEqual([1, 0]);
    expect([result.lowest[0], result.highest[0]]).toEqual([0, 1]);
    expect(result.probability[1]).toBeGreaterThan(0.9);
  });

  it('gives the prior to a message without one known feature, and asks no graph for it', async () => {
    const { made, graphs } = session();
    const result = await made.evaluate(rows('zzz', ''), { exactScores: 'all', keepMembers: false });
    expect([...result.endedAt]).toEqual([BLANK, BLANK]);
    expect([...result.probability]).toEqual([0.25, 0.25]);
    expect(graphs[0]!.asked).toBe(0);
  });

  it('has nothing left over of one batch in the next', async () => {
    const { made } = session();
    const once = await made.evaluate(rows('prize'), { exactScores: 'all', keepMembers: false });
    await made.evaluate(rows('dinner', 'odd', 'zzz'), { exactScores: 'all', keepMembers: false });
    const again = await made.evaluate(rows('prize'), { exactScores: 'all', keepMembers: false });
    expect(again.probability[0]).toBe(once.probability[0]);
  });
});
