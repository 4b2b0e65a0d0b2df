import { describe, expect, test } from 'vitest';
import type { ModelManifest } from '../../../../src/core/model-manifest.ts';
import type { ScoredBatch } from '../../../../src/core/scored-batch.ts';
import { baseModelsOf } from '../../../../src/evaluation/report/base-models.ts';
import { modelFigures } from '../../../../src/evaluation/report/model-report.ts';
import { type ReportMessage, scoreForReport } from '../../../../src/evaluation/report/score-for-report.ts';
import { WorstErrors } from '../../../../src/evaluation/report/worst-errors.ts';
import type { ScoreOptions, Scorer } from '../../../../src/ports/scorer.ts';

/** The probability is the number in the text; "odd" cannot be scored; "blank" has no values of base models. */
class NumberScorer implements Scorer {
  readonly options: (ScoreOptions | undefined)[] = [];
  readonly #shift: number;
  constructor(shift = 0) {
    this.#shift = shift;
  }

  async score(batch: readonly Uint8Array[], options?: ScoreOptions): Promise<ScoredBatch> {
    this.options.push(options);
    const scored = batch.map((bytes, index) => {
      const message = JSON.parse(new TextDecoder().decode(bytes));
      const isOdd = message.message.includes('odd') && this.#shift > 0;
      const probability = Number(/[\d.]+/.exec(message.message)![0]) + this.#shift;
      const members = message.message.includes('blank')
        ? [null, null, null]
        : [probability, 1 - probability, 0.5];
      return {
        ...{ index, message: { community: '', ...message }, verdict: 'ham' as const, members },
        probability: isOdd ? null : probability,
        ...{ probabilityMin: 0, probabilityMax: 1, reasons: [], unscorable: isOdd },
      };
    });
    const seconds = { decodeSeconds: 0.001, featurizeSeconds: 0.002, inferSeconds: 0.003 };
    const statistics = {
      ...seconds,
      stageSeconds: [0.0005, 0.0001, 0.0002],
    } as unknown as ScoredBatch['statistics'];
    return { model: 'm', scored, unreadable: [], statistics };
  }
}

async function* stream(...messages: readonly Partial<ReportMessage>[]): AsyncGenerator<ReportMessage> {
  for (const each of messages)
    yield { ...{ text: '0.1', label: 'ham', source: 'set', community: '' }, ...each };
}

const manifest = {
  members: [
    { name: 'a', weight: 2 },
    { name: 'b', weight: -1 },
    { name: 'c', weight: 0 },
  ],
  stages: [
    { kind: 'linear', file: 'linear.onnx', members: [0, 1] },
    { kind: 'forest', file: 'one.onnx', member: 2 },
    { kind: 'forest', file: 'two.onnx', member: 2 },
  ],
  files: { 'linear.onnx': { bytes: 100 }, 'one.onnx': { bytes: 20 }, 'two.onnx': { bytes: 3 } },
} as unknown as ModelManifest;

describe('scoring for a report', () => {
  test('two models are compared on the messages that both could score', async () => {
    const seen: [string, readonly number[]][] = [];
    const scorers = [new NumberScorer(), new NumberScorer(0.1)];
    const scored = await scoreForReport({
      models: scorers.map((scorer) => ({ scorer, baseModels: 3 })),
      messages: stream(
        { text: '0.2', label: 'spam', language: 'de', at: 5 },
        { text: 'odd 0.3' },
        { text: 'blank 0.5' },
      ),
      languageOf: () => 'en',
      onScored: ({ text }, probabilities) => seen.push([text, probabilities]),
    });
    expect(scorers[0]!.options).toEqual([{ every: true, exactScores: 'all', explain: true }]);
    expect(scored.unscored).toBe(1);
    expect(seen.map(([text]) => text)).toEqual(['0.2', 'blank 0.5']);
    expect(scored.models[1]!.probabilities.map((value) => value.toFixed(1))).toEqual(['0.3', '0.6']);
    // Of a message without a known feature, all base models have the score of the blend.
    expect(scored.models[0]!.baseModels).toEqual([
      [0.2, 0.5],
      [0.8, 0.5],
      [0.5, 0.5],
    ]);
    expect(scored.messages).toEqual([
      { label: 'spam', source: 'set', community: '', language: 'de', characters: 3, at: 5 },
      { label: 'ham', source: 'set', community: '', language: 'en', characters: 9, at: null },
    ]);
  });

  test('base models have the figures, the time and the size of their own stages', async () => {
    const { models, messages } = await scoreForReport({
      models: [{ scorer: new NumberScorer(), baseModels: 3 }],
      messages: stream(
        { text: '0.9', label: 'spam' },
        { text: '0.8', label: 'spam' },
        { text: '0.1' },
        { text: '0.2' },
      ),
      languageOf: () => '',
    });
    const { probabilities, baseModels, seconds } = models[0]!;
    const examples = messages.map(({ label }, at) => ({ label, probability: probabilities[at]! }));
    const facts = baseModelsOf({ manifest, examples, scores: baseModels, seconds });
    expect(facts.map(({ name, weight, rocAuc, bytes }) => [name, weight, rocAuc, bytes])).toEqual([
      ['ensemble', null, 1, 123],
      ['a', 2, 1, 100],
      ['b', -1, 0, null],
      ['c', 0, 0.5, 23],
    ]);
    // 6 ms, .5 ms and .3 ms for four messages.
    expect(facts.map(({ microseconds }) => microseconds && Math.round(microseconds))).toEqual([
      1500,
      125,
      null,
      75,
    ]);
    expect(facts.map(({ truePositiveRateAtFpr001 }) => truePositiveRateAtFpr001)).toEqual([1, 1, 0, 0]);
  });

  test('without a message, each figure is replaced by the reason', async () => {
    const scored = await scoreForReport({
      models: [{ scorer: new NumberScorer(), baseModels: 3 }],
      messages: stream(),
      languageOf: () => '',
    });
    const figures = modelFigures({
      ...{ version: 'v', thresholds: { rejectMin: 0.5, rejectMax: 0.7 }, manifest, now: 0, random: () => 0 },
      ...{ messages: [], scores: scored.models[0]!, unscored: 0, whyNone: 'No labels.' },
    });
    const missing = { missing: 'No labels.' };
    expect(figures).toMatchObject({
      roc: missing,
      calibration: missing,
      histogram: missing,
      baseModels: missing,
    });
    expect(figures.slices).toEqual({
      language: missing,
      community: missing,
      length: missing,
      month: missing,
    });
    expect(figures.rates).toMatchObject({ spam: 0, ham: 0, truePositiveRate: null, reviewShare: null });
  });
});

test('WorstErrors keeps the messages furthest on the wrong side, the worst first, each text once', () => {
  const worst = new WorstErrors(3, ({ label }) => label === 'ham');
  for (const [text, probability] of [
    ['a', 0.8],
    ['b', 0.9],
    ['b', 0.9],
    ['c', 0.7],
    ['d', 0.95],
    ['e', 0.7],
  ] as const)
    worst.add({ text, label: 'ham', probability });
  worst.add({ text: 'f', label: 'spam', probability: 0.01 });
  expect(worst.list().map(({ text }) => text)).toEqual(['d', 'b', 'a']);
});
