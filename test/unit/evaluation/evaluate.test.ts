import { describe, expect, test } from 'vitest';
import type { ScoredBatch } from '../../../src/core/scored-batch.ts';
import { evaluateModel } from '../../../src/evaluation/evaluate.ts';
import { evaluationReport } from '../../../src/evaluation/evaluation-report.ts';
import type { LabelledMessage, LabelledMessages } from '../../../src/ports/labelled-messages.ts';
import type { ScoreOptions, Scorer } from '../../../src/ports/scorer.ts';

const thresholds = { rejectMin: 0.5, rejectMax: 0.7 };

/** Says 0.9 to what has "win" in it, nothing to "odd", and 0.1 to all else. */
class WordScorer implements Scorer {
  readonly batches: number[] = [];
  options: ScoreOptions | undefined;

  async score(batch: readonly Uint8Array[], options?: ScoreOptions): Promise<ScoredBatch> {
    this.batches.push(batch.length);
    this.options = options;
    const scored = batch.map((bytes, index) => {
      const message = JSON.parse(new TextDecoder().decode(bytes));
      const probability = message.message.includes('odd')
        ? null
        : message.message.includes('win')
          ? 0.9
          : 0.1;
      return {
        index,
        message: { community: '', ...message },
        verdict: 'ham' as const,
        probability,
        probabilityMin: 0,
        probabilityMax: 1,
        reasons: [],
        unscorable: probability === null,
      };
    });
    return { model: 'm1', scored, unreadable: [], statistics: {} as ScoredBatch['statistics'] };
  }
}

function dataSet(name: string, texts: readonly (readonly ['spam' | 'ham', string])[]): LabelledMessages {
  return {
    name,
    async *read(): AsyncIterable<LabelledMessage> {
      for (const [label, text] of texts) yield { origin: name, label, text };
    },
  };
}

describe('evaluating a model', () => {
  test('evaluateModel requests exact probabilities from the scorer, in batches, and returns figures of each set and of all', async () => {
    const scorer = new WordScorer();
    const many = Array.from({ length: 600 }, (_, i) => ['ham', `hello ${i}`] as const);
    const evaluation = await evaluateModel(
      scorer,
      [
        dataSet('a', many),
        dataSet('a', [
          ['spam', 'win'],
          ['spam', 'hi'],
          ['ham', 'odd'],
        ]),
      ],
      { thresholds },
    );
    expect(scorer.batches).toEqual([512, 88, 3]);
    expect(scorer.options).toEqual({ every: true, exactScores: 'all' });
    expect(evaluation.model).toBe('m1');
    expect(evaluation.unscored).toBe(1);
    expect(evaluation.sets.a).toMatchObject({ ham: 600, falsePositives: 0 });
    expect(evaluation.sets['a (2)']).toMatchObject({ spam: 2, ham: 0, truePositives: 1 });
    expect(evaluation.all).toMatchObject({ spam: 2, ham: 600, recall: 0.5 });
  });

  test('evaluateModel skips messages that are not requested, and refuses to evaluate none', async () => {
    const data = [
      dataSet('a', [
        ['spam', 'win'],
        ['ham', 'hi'],
      ]),
    ];
    const only = ({ label }: LabelledMessage) => label === 'ham';
    const { all } = await evaluateModel(new WordScorer(), data, { thresholds, only });
    expect(all).toMatchObject({ spam: 0, ham: 1 });
    await expect(
      evaluateModel(new WordScorer(), data, { thresholds, only: () => false }),
    ).rejects.toMatchObject({ code: 'DATA_INVALID' });
  });

  test('evaluateModel prints a table with aligned columns', async () => {
    const evaluation = await evaluateModel(
      new WordScorer(),
      [
        dataSet('one', [
          ['spam', 'win'],
          ['ham', 'odd'],
        ]),
      ],
      {
        thresholds,
      },
    );
    const report = evaluationReport(evaluation);
    expect(report).toContain('recall (TPR)            1.0000\n');
    expect(report).toContain('ROC AUC                      –\n');
    expect(report).toContain('1 messages could not be scored');
  });
});
