import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classificationFigures } from '../../../src/evaluation/classification-figures.ts';
import type { ScoredExample } from '../../../src/evaluation/scored-example.ts';

const thresholds = { rejectMin: 0.5, rejectMax: 0.7 };
const scoredAs = (...pairs: ['spam' | 'ham', number][]): ScoredExample[] =>
  pairs.map(([label, probability]) => ({ label, probability }));

describe('figures of a classification', () => {
  test('classification figures are those that are computed by hand', () => {
    const figures = classificationFigures(
      scoredAs(['spam', 0.9], ['spam', 0.6], ['spam', 0.4], ['ham', 0.8], ['ham', 0.5], ['ham', 0.1]),
      thresholds,
    );
    expect(figures).toMatchObject({ spam: 3, ham: 3, truePositives: 2, falsePositives: 1 });
    expect(figures.accuracy).toBeCloseTo(4 / 6);
    expect(figures.precision).toBeCloseTo(2 / 3);
    expect(figures.recall).toBeCloseTo(2 / 3);
    expect(figures.f1).toBeCloseTo(2 / 3);
    expect(figures.mcc).toBeCloseTo((2 * 2 - 1 * 1) / Math.sqrt(3 * 3 * 3 * 3));
    // Of nine pairs the spam is above the ham in six: .9 over all three, .6 over two, .4 over one.
    expect(figures.rocAuc).toBeCloseTo(6 / 9);
    expect(figures.reviewShare).toBeCloseTo(1 / 6);
    expect(figures.spamAboveRejectMax).toBeCloseTo(1 / 3);
    expect(figures.hamAboveRejectMax).toBeCloseTo(1 / 3);
    expect(figures.fprAtTpr90).toBeCloseTo(2 / 3);
  });

  test('classification figures are null if a class is missing', () => {
    const { mcc, rocAuc, recall, falsePositiveRate } = classificationFigures(
      scoredAs(['ham', 0.2]),
      thresholds,
    );
    expect([mcc, rocAuc, recall]).toEqual([null, null, null]);
    expect(falsePositiveRate).toBe(0);
  });

  test('the area under the ROC curve is the share of pairs in the right order, with ties counted half', () => {
    const one = fc.record({
      label: fc.constantFrom<'spam' | 'ham'>('spam', 'ham'),
      probability: fc.integer({ min: 0, max: 6 }).map((n) => n / 6),
    });
    fc.assert(
      fc.property(fc.array(one, { minLength: 2, maxLength: 30 }), (all) => {
        const spam = all.filter((j) => j.label === 'spam');
        const ham = all.filter((j) => j.label === 'ham');
        let right = 0;
        for (const s of spam)
          for (const h of ham)
            right += s.probability > h.probability ? 1 : s.probability === h.probability ? 0.5 : 0;
        const { rocAuc } = classificationFigures(all, thresholds);
        if (spam.length === 0 || ham.length === 0) expect(rocAuc).toBeNull();
        else expect(rocAuc).toBeCloseTo(right / (spam.length * ham.length), 10);
      }),
    );
  });

  test('the calibration error is 0 for a model that is as sure as it is right', () => {
    const sure = scoredAs(
      ...Array.from({ length: 150 }, (_, i): ['spam' | 'ham', number] => [i % 2 ? 'spam' : 'ham', i % 2]),
    );
    expect(classificationFigures(sure, thresholds).calibrationError).toBe(0);
    const contrary = sure.map(({ label, probability }) => ({ label, probability: 1 - probability }));
    expect(classificationFigures(contrary, thresholds).calibrationError).toBeCloseTo(1, 10);
  });
});
