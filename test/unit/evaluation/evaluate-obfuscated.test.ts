import { describe, expect, test } from 'vitest';
import type { ScoredBatch } from '../../../src/core/scored-batch.ts';
import { evaluateModel } from '../../../src/evaluation/evaluate.ts';
import { evaluateObfuscated } from '../../../src/evaluation/evaluate-obfuscated.ts';
import { evaluationReport } from '../../../src/evaluation/evaluation-report.ts';
import type { LabelledMessage, LabelledMessages } from '../../../src/ports/labelled-messages.ts';
import type { Scorer } from '../../../src/ports/scorer.ts';

const thresholds = { rejectMin: 0.5, rejectMax: 0.7 };

/** Says 0.9 to what has "win" in it, nothing to "odd", and 0.1 to all else. */
const scorer: Scorer = {
  async score(batch: readonly Uint8Array[]): Promise<ScoredBatch> {
    const scored = batch.map((bytes, index) => {
      const message = JSON.parse(new TextDecoder().decode(bytes));
      const text: string = message.message;
      const probability = text.includes('odd') ? null : text.includes('win') ? 0.9 : 0.1;
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
  },
};

const data: LabelledMessages = {
  name: 'a',
  async *read(): AsyncIterable<LabelledMessage> {
    yield { origin: '1', label: 'spam', text: 'win a car' };
    yield { origin: '2', label: 'spam', text: 'win it, now' };
    yield { origin: '3', label: 'spam', text: 'buy' };
    yield { origin: '4', label: 'ham', text: 'a cat' };
    yield { origin: '5', label: 'ham', text: 'an odd cat' };
  },
};
const dots = { name: 'dots', obfuscate: (text: string) => text.replace(/win a/, 'w.i.n a') };
const cats = { name: 'cats', obfuscate: (text: string) => text.replace(/cat/, 'win') };

describe('evaluateObfuscated', () => {
  test('evaluateObfuscated compares the messages that an obfuscation changed with the same messages without it', async () => {
    const [first, second] = await evaluateObfuscated(scorer, [data], [dots, cats], { thresholds });
    expect(first).toMatchObject({ name: 'dots', plain: { spam: 1, recall: 1 }, disguised: { recall: 0 } });
    expect(second).toMatchObject({
      name: 'cats',
      plain: { spam: 0, ham: 1, falsePositives: 0 },
      disguised: { falsePositives: 1 },
    });
  });

  test('evaluateObfuscated evaluates only the requested messages, and reports its progress', async () => {
    const reports: (readonly [number, string])[] = [];
    const [figures] = await evaluateObfuscated(scorer, [data], [cats], {
      thresholds,
      only: ({ label }) => label === 'spam',
      progress: (scored, name) => reports.push([scored, name]),
    });
    expect(figures).toMatchObject({ plain: { spam: 0, ham: 0 } });
    expect(reports).toEqual([[3, 'no obfuscation']]);
  });

  test('evaluateObfuscated has its own table in the evaluation report', async () => {
    const evaluation = await evaluateModel(scorer, [data], { thresholds });
    expect(evaluationReport(evaluation)).not.toContain('obfuscation');
    const disguises = await evaluateObfuscated(scorer, [data], [dots, cats], { thresholds });
    const lines = evaluationReport({ ...evaluation, disguises }).split('\n');
    expect(lines.slice(-4)).toEqual([
      'obfuscation  spam  recall plain  obfuscated  ham  FPR plain  obfuscated',
      'dots            1        1.0000      0.0000    0          –           –',
      'cats            0             –           –    1     0.00 %    100.00 %',
      '',
    ]);
  });
});
