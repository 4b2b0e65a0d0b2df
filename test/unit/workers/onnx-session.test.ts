import { describe, expect, it } from 'vitest';
import { type ModelManifest, tensorNames } from '../../../src/core/model-manifest.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';
import type { Graph } from '../../../workers/graph.ts';
import { BLANK, OnnxSession } from '../../../workers/onnx-session.ts';
import { ListedRows, type RowSource } from '../../../workers/row-source.ts';

const limits = { rejectMin: 0.5, rejectMax: 0.7 };

const manifest: Pick<ModelManifest, 'members' | 'stages' | 'blender' | 'prior'> = {
  members: [
    { name: 'words', families: ['words'], min: 0, max: 1, weight: 8 },
    { name: 'grams', families: ['grams'], min: 0, max: 1, weight: 1 },
    { name: 'forest', families: ['words'], min: 0, max: 1, weight: 2 },
  ],
  stages: [
    { kind: 'linear', name: 'words', file: 'a.onnx', families: ['words'], members: [0] },
    { kind: 'linear', name: 'grams', file: 'b.onnx', families: ['grams'], members: [1] },
    {
      kind: 'forest',
      name: 'f1',
      file: 'c.onnx',
      families: ['words'],
      member: 2,
      trees: 3,
      columns: { words: [0] },
    },
    {
      kind: 'forest',
      name: 'f2',
      file: 'd.onnx',
      families: ['words'],
      member: 2,
      trees: 1,
      columns: { words: [1] },
    },
  ],
  blender: { kind: 'logistic', bias: -5, calibration: { scale: 1, shift: 0 } },
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
    const { data, dims } = (inputs[tensorNames.ids.words] ??
      inputs[tensorNames.ids.grams] ??
      inputs[tensorNames.columns])!;
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
  it('an ONNX session adds every base model in full evaluation, and a forest as the mean over all its trees', async () => {
    const { made } = session();
    const result = await made.evaluate(rows('prize', 'dinner'), { exactScores: 'all', keepBaseModels: true });
    expect(result.probability[0]).toBeCloseTo(sigmoid(-5 + 8 + 0.5 + 2 * (3.5 / 4)), 12);
    expect(result.probability[1]).toBeCloseTo(sigmoid(-5 + 0 + 0.5 + 2 * (0.5 / 4)), 12);
    expect([...result.members.subarray(0, 3)]).toEqual([1, 0.5, 3.5 / 4]);
  });

  it('an ONNX session runs no later graph for a message whose band is certain', async () => {
    const { made, graphs } = session();
    const result = await made.evaluate(rows('prize', 'dinner', 'dinner'), {
      exactScores: 'notHam',
      keepBaseModels: false,
    });
    expect([...result.endedAt]).toEqual([3, 0, 0]);
    expect(graphs.map((graph) => graph.asked)).toEqual([3, 1, 1, 1]);
    expect(result.probability[1]).toBeNaN();
    expect(result.highest[1]).toBeCloseTo(sigmoid(-5 + 1 + 2), 12);
  });

  it('an ONNX session reports a message as unscorable if its score is not a number, and continues with the others', async () => {
    const { made } = session();
    const result = await made.evaluate(rows('odd', 'prize'), {
      exactScores: 'notHam',
      keepBaseModels: false,
    });
    expect([...result.unscorable]).toEqual([1, 0]);
    expect([result.lowest[0], result.highest[0]]).toEqual([0, 1]);
    expect(result.probability[1]).toBeGreaterThan(0.9);
  });

  it('an ONNX session gives the prior to a message without a known feature, and runs no graph for it', async () => {
    const { made, graphs } = session();
    const result = await made.evaluate(rows('zzz', ''), { exactScores: 'all', keepBaseModels: false });
    expect([...result.endedAt]).toEqual([BLANK, BLANK]);
    expect([...result.probability]).toEqual([0.25, 0.25]);
    expect(graphs[0]!.asked).toBe(0);
  });

  it('an ONNX session keeps nothing of one batch in the next', async () => {
    const { made } = session();
    const once = await made.evaluate(rows('prize'), { exactScores: 'all', keepBaseModels: false });
    await made.evaluate(rows('dinner', 'odd', 'zzz'), { exactScores: 'all', keepBaseModels: false });
    const again = await made.evaluate(rows('prize'), { exactScores: 'all', keepBaseModels: false });
    expect(again.probability[0]).toBe(once.probability[0]);
  });
});

describe('an ONNX session in which something was thrown', () => {
  /** Rows of which one throws when it is read, as a text could that nobody has thought of. */
  function throwingAt(row: number, texts: readonly string[]): RowSource {
    const listed = new ListedRows(rows(...texts));
    return {
      size: listed.size,
      thresholdsOf: (at) => listed.thresholdsOf(at),
      prepare: (at, featurizer) => {
        if (at === row) throw new Error('thrown while a row was read');
        return listed.prepare(at, featurizer);
      },
    };
  }

  it('an ONNX session in which something was thrown gives no row of the next batch the score of an earlier row', async () => {
    const { made } = session();
    const options = { exactScores: 'all', keepBaseModels: true } as const;
    const dirty = throwingAt(6, ['prize', 'prize', 'prize', 'prize', 'prize', 'prize', 'dinner']);
    await expect(made.evaluate(dirty, options)).rejects.toThrow('thrown while a row was read');
    const next = await made.evaluate(rows(...Array<string>(8).fill('dinner')), options);
    const { made: fresh } = session();
    const expected = await fresh.evaluate(rows('dinner'), options);
    for (let row = 0; row < 8; row++) expect(next.probability[row]).toBe(expected.probability[0]);
  });

  it('an ONNX session in which a full block of trees failed runs trees again without its rows', async () => {
    const { made, graphs } = session();
    const options = { exactScores: 'all', keepBaseModels: true } as const;
    const run = graphs[2]!.run.bind(graphs[2]!);
    let failures = 1;
    graphs[2]!.run = async (inputs) => {
      if (failures-- > 0) throw new Error('the graph failed');
      return await run(inputs);
    };
    const full = rows(...Array<string>(300).fill('prize'));
    await expect(made.evaluate(full, options)).rejects.toThrow('the graph failed');
    const { made: fresh } = session();
    const expected = await fresh.evaluate(rows('dinner'), options);
    for (let batch = 0; batch < 3; batch++) {
      const next = await made.evaluate(rows(...Array<string>(20).fill('dinner')), options);
      expect([...next.probability]).toEqual(Array(20).fill(expected.probability[0]));
    }
    const after = await made.evaluate(full, options);
    expect(after.probability[299]).toBe((await fresh.evaluate(rows('prize'), options)).probability[0]);
  });
});

describe('an ONNX session whose stages look at both families', () => {
  const both: Pick<ModelManifest, 'members' | 'stages' | 'blender' | 'prior'> = {
    members: [
      { name: 'network', families: ['words', 'grams'], min: 0, max: 1, weight: 2 },
      { name: 'boosted', families: ['words', 'grams'], min: 0, max: 1, weight: 3 },
    ],
    stages: [
      { kind: 'linear', name: 'l', file: 'a.onnx', families: ['words', 'grams'], members: [0] },
      {
        kind: 'trees',
        name: 't',
        file: 'b.onnx',
        families: ['words', 'grams'],
        member: 1,
        columns: { words: [0, 2], grams: [1] },
      },
    ],
    blender: { kind: 'logistic', bias: -1, calibration: { scale: 1, shift: 0 } },
    prior: 0.25,
  };

  it('an ONNX session whose stages read both families gives graphs the ids of each, and trees one row with the columns of the first before the second', async () => {
    const asked: Record<string, number[][]> = {};
    const graph = (output: number) => ({
      async run(inputs: Record<string, { data: ArrayLike<number>; dims: readonly number[] }>) {
        for (const [name, { data, dims }] of Object.entries(inputs))
          asked[name] = [...(asked[name] ?? []), ...chunks(Array.from(data), dims[1]!)];
        return new Float32Array(Object.values(inputs)[0]!.dims[0]!).fill(output);
      },
    });
    const made = new OnnxSession(
      both as ModelManifest,
      [graph(0.5), graph(0.25)] as unknown as Graph[],
      new Featurizer({ languages: ['en'], ownDomains: [] }),
      vocabularies,
    );
    const options = { exactScores: 'all', keepBaseModels: true } as const;
    const result = await made.evaluate(rows('dinner odd odd'), options);
    expect(asked[tensorNames.ids.words]).toEqual([[1, 2, 3, 3, 3, 3, 3, 3]]);
    expect(asked[tensorNames.counts.words]).toEqual([[1, 2, 0, 0, 0, 0, 0, 0]]);
    expect(asked[tensorNames.ids.grams]).toEqual([[1, 2, 2, 2, 2, 2, 2, 2]]);
    expect(asked[tensorNames.columns]).toEqual([[0, 2, 1]]);
    expect([...result.members]).toEqual([0.5, 0.25]);
    expect(result.probability[0]).toBeCloseTo(sigmoid(-1 + 2 * 0.5 + 3 * 0.25), 12);
  });

  it('an ONNX session whose stages read both families passes on the value of the only base model under the blender identity', async () => {
    const one: Pick<ModelManifest, 'members' | 'stages' | 'blender' | 'prior'> = {
      members: [{ name: 'one', families: ['words'], min: 0, max: 1, weight: 1 }],
      stages: [{ kind: 'linear', name: 'l', file: 'a.onnx', families: ['words'], members: [0] }],
      blender: { kind: 'identity' },
      prior: 0.25,
    };
    const graph = new StandInGraph(() => 0.3);
    const made = new OnnxSession(
      one as ModelManifest,
      [graph] as unknown as Graph[],
      new Featurizer({ languages: ['en'], ownDomains: [] }),
      vocabularies,
    );
    const result = await made.evaluate(rows('prize', 'zzz'), {
      exactScores: 'notHam',
      keepBaseModels: false,
    });
    expect([...result.probability]).toEqual([Math.fround(0.3), 0.25]);
  });
});

function chunks(values: readonly number[], width: number): number[][] {
  return Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width));
}
