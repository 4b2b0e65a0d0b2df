import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Curve, isMissing, type Known } from '../../../../src/core/report-facts.ts';
import { precisionRecallPoints, rankScores, rocPoints } from '../../../../src/evaluation/ranked-scores.ts';
import { bootstrapCurves } from '../../../../src/evaluation/report/bootstrap.ts';
import { calibrationOf } from '../../../../src/evaluation/report/calibration.ts';
import { curvesOf, LEAST_OF_A_CLASS, thinned } from '../../../../src/evaluation/report/curves.ts';
import { histogramOf } from '../../../../src/evaluation/report/histogram.ts';
import { bandCounts, ratesOf } from '../../../../src/evaluation/report/rates.ts';
import { confidenceOf, riskCoverageOf } from '../../../../src/evaluation/report/risk-coverage.ts';
import type { ScoredExample } from '../../../../src/evaluation/scored-example.ts';
import { SeededRandom } from '../../../../src/training/seeded-random.ts';

const thresholds = { rejectMin: 0.5, rejectMax: 0.7 };
const seeded = (seed = 1) => {
  const random = new SeededRandom(seed);
  return () => random.next();
};
const scored = (label: 'spam' | 'ham', ...probabilities: number[]): ScoredExample[] =>
  probabilities.map((probability) => ({ label, probability }));

/** Spam higher by `separation`; calibrated for neither. */
function messages(spam: number, ham: number, seed = 1, separation = 0.3): ScoredExample[] {
  const random = seeded(seed);
  const value = () => (random() + random()) / 2;
  return [
    ...scored('spam', ...Array.from({ length: spam }, () => Math.min(1, value() + separation))),
    ...scored('ham', ...Array.from({ length: ham }, value)),
  ];
}

const examples = fc.array(
  fc.record({
    label: fc.constantFrom<'spam' | 'ham'>('spam', 'ham'),
    // Multiples of .05 make ties, and values at the thresholds and at the limits of bins.
    probability: fc.integer({ min: 0, max: 20 }).map((step) => step / 20),
  }),
  { minLength: 1, maxLength: 60 },
);

function known(curve: Known<Curve>): Curve {
  if (isMissing(curve)) throw new Error(curve.missing);
  return curve;
}

describe('curves', () => {
  test('have their areas within limits, bands that hold the curve nearly everywhere, and are the same for the same seed', () => {
    const given = messages(150, 400);
    const { roc, precisionRecall } = curvesOf(given, seeded());
    expect(curvesOf(given, seeded())).toEqual({ roc, precisionRecall });
    for (const { area } of [known(roc), known(precisionRecall)]) {
      expect(area.low).toBeLessThan(area.estimate);
      expect(area.high).toBeGreaterThan(area.estimate);
    }
    const points = rocPoints(rankScores(given));
    const { band } = known(roc);
    const outside = band.filter(({ x, low, high }) => {
      const on = points.filter(({ fpr }) => fpr <= x).at(-1)!.tpr;
      return on < low - 0.01 || on > high + 0.01;
    });
    expect(outside).toEqual([]);
    // Of 150 spam messages, a rate near one half is known to ±8 %.
    const widest = Math.max(...band.map(({ low, high }) => high - low));
    expect(widest).toBeGreaterThan(0.1);
    expect(widest).toBeLessThan(0.5);
  });

  test('bands are narrower by half with four times as many messages', () => {
    const widthOf = (times: number) => {
      const { rocAuc } = bootstrapCurves(rankScores(messages(100 * times, 200 * times, 3)), seeded());
      return rocAuc.high - rocAuc.low;
    };
    const ratio = widthOf(1) / widthOf(4);
    expect(ratio).toBeGreaterThan(1.5);
    expect(ratio).toBeLessThan(2.7);
  });

  test('the interval of the area holds the true area in about 95 % of samples, and is as wide as their spread', () => {
    // Scores of spam are uniform on [.5, 1.5), of ham on [0, 1): the area is 1 − ½ · ½².
    const TRUE_AREA = 0.875;
    const SAMPLES = 40;
    let held = 0;
    let width = 0;
    for (let sample = 0; sample < SAMPLES; sample++) {
      const random = seeded(7919 * sample + 13);
      const given = [
        ...scored('spam', ...Array.from({ length: 60 }, () => 0.5 + random())),
        ...scored('ham', ...Array.from({ length: 90 }, () => random())),
      ];
      const { low, high } = bootstrapCurves(rankScores(given), random).rocAuc;
      width += (high - low) / SAMPLES;
      if (low <= TRUE_AREA && TRUE_AREA <= high) held++;
    }
    expect(held).toBeGreaterThanOrEqual(35);
    // Four standard deviations of the area of such samples, 0.027.
    expect(width).toBeGreaterThan(0.09);
    expect(width).toBeLessThan(0.125);
  });

  test('are replaced by the reason where a class is missing or too small', () => {
    const reasonOf = (given: readonly ScoredExample[]) => curvesOf(given, seeded()).roc;
    expect(reasonOf(scored('ham', 0.1))).toEqual({ missing: expect.stringContaining('are ham') });
    expect(reasonOf(scored('spam', 0.1))).toEqual({ missing: expect.stringContaining('are spam') });
    const few = [...messages(LEAST_OF_A_CLASS - 1, 300)];
    expect(reasonOf(few)).toEqual({ missing: expect.stringContaining('There are 9 spam and 300 ham') });
    expect(isMissing(reasonOf(messages(LEAST_OF_A_CLASS, LEAST_OF_A_CLASS)))).toBe(false);
  });

  test('have at most 2,000 points, which begin and end as all do, also for many messages', () => {
    const { roc, precisionRecall } = curvesOf(messages(3000, 6000, 5, 0.1), seeded());
    for (const { points } of [known(roc), known(precisionRecall)])
      expect(points.length).toBeLessThanOrEqual(2000);
    expect(known(roc).points[0]).toMatchObject({ x: 0, y: 0 });
    expect(known(roc).points.at(-1)).toMatchObject({ x: 1, y: 1 });
    expect(known(precisionRecall).points.at(-1)).toMatchObject({ x: 1, y: 1 / 3 });
  });

  test('ROC and precision–recall ascend from nothing found to all found', () => {
    fc.assert(
      fc.property(examples, (given) => {
        fc.pre(new Set(given.map(({ label }) => label)).size === 2);
        const ranked = rankScores(given);
        const roc = rocPoints(ranked);
        expect(roc.at(-1)).toMatchObject({ fpr: 1, tpr: 1 });
        for (const [at, { fpr, tpr }] of roc.entries()) {
          expect(fpr).toBeGreaterThanOrEqual(roc[at - 1]?.fpr ?? 0);
          expect(tpr).toBeGreaterThanOrEqual(roc[at - 1]?.tpr ?? 0);
        }
        const share = given.filter(({ label }) => label === 'spam').length / given.length;
        expect(precisionRecallPoints(ranked).at(-1)!.precision).toBeCloseTo(share, 12);
      }),
    );
  });

  test('thinned keeps the ends, and points at equal distances along the curve', () => {
    const line = Array.from({ length: 1001 }, (_, at) => ({ x: at / 1000, y: 0 }));
    const kept = thinned(line, 11);
    expect(kept.map(({ x }) => Number(x.toFixed(2)))).toEqual([
      0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
    ]);
    expect(thinned(line.slice(0, 5), 11)).toHaveLength(5);
  });
});

describe('rates', () => {
  test('are those at the two thresholds, whose upper limits belong to the lower band', () => {
    const given = [...scored('spam', 0.5, 0.7, 0.71, 0.9), ...scored('ham', 0.1, 0.5, 0.6, 0.8, 0.2)];
    expect(bandCounts(given, thresholds)).toEqual([
      { band: 'ham', spam: 1, ham: 3 },
      { band: 'review', spam: 1, ham: 1 },
      { band: 'spam', spam: 2, ham: 1 },
    ]);
    const rates = ratesOf(given, thresholds);
    expect(rates.truePositiveRate?.estimate).toBe(2 / 4);
    expect(rates.foundOrReviewed?.estimate).toBe(3 / 4);
    expect(rates.falsePositiveRate?.estimate).toBe(1 / 5);
    expect(rates.precision?.estimate).toBe(2 / 3);
    expect(rates.reviewShare?.estimate).toBe(2 / 9);
  });

  test('are null for a class that is missing, and have wide intervals for three messages', () => {
    const rates = ratesOf(scored('spam', 0.9, 0.8, 0.95), thresholds);
    expect(rates.falsePositiveRate).toBeNull();
    expect(rates.truePositiveRate).toMatchObject({ estimate: 1, high: 1 });
    // By Wilson's formula: 1 / (1 + z²/3).
    expect(rates.truePositiveRate!.low).toBeCloseTo(1 / (1 + 1.959963984540054 ** 2 / 3), 12);
  });
});

describe('calibration', () => {
  test('bins hold each message once, with mean probability and share of spam', () => {
    const { bins } = calibrationOf([...scored('spam', 1, 0.95, 0.1), ...scored('ham', 0.19, 0)], thresholds);
    expect(bins.map(({ from, to, messages: count }) => [from, to, count])).toEqual([
      [0, 0.1, 1],
      [0.1, 0.2, 2],
      [0.9, 1, 2],
    ]);
    expect(bins[1]!.predicted).toBeCloseTo(0.145, 12);
    expect(bins[1]!.observed.estimate).toBe(0.5);
  });

  test('log loss is finite for probabilities of 0 and 1 that are wrong', () => {
    const { logLoss, brier } = calibrationOf([...scored('spam', 0), ...scored('ham', 1)], thresholds);
    expect(logLoss).toBeCloseTo(-Math.log(Number.EPSILON), 9);
    expect(brier).toBe(1);
  });
});

describe('risk and coverage', () => {
  test('the two thresholds are a point of the curve, and all decided is its end', () => {
    fc.assert(
      fc.property(
        examples,
        fc.integer({ min: 0, max: 20 }),
        fc.integer({ min: 0, max: 20 }),
        (given, one, other) => {
          const limits = { rejectMin: Math.min(one, other) / 20, rejectMax: Math.max(one, other) / 20 };
          const { points, atThresholds, area } = riskCoverageOf(given, limits);
          expect(points.at(-1)!.coverage).toBe(1);
          expect(area).toBeGreaterThanOrEqual(0);
          expect(area).toBeLessThanOrEqual(1);
          if (atThresholds.coverage === 0) return;
          const same = points.find(({ coverage }) => Math.abs(coverage - atThresholds.coverage) < 1e-9);
          expect(same?.risk).toBeCloseTo(atThresholds.risk, 9);
        },
      ),
    );
  });

  test('confidence is the distance from the review band, negative inside of it', () => {
    const of = (probability: number) => confidenceOf(probability, thresholds);
    expect([of(0), of(0.25), of(0.5), of(0.85), of(1)].map((value) => Number(value.toFixed(9)))).toEqual([
      1, 0.5, 0, 0.5, 1,
    ]);
    expect(of(0.7)).toBeLessThan(0);
    expect(of(0.6)).toBeLessThan(of(0.55));
  });
});

test('the histogram counts each message once, in bins of a width of 0.05', () => {
  fc.assert(
    fc.property(examples, (given) => {
      const { spam, ham } = histogramOf(given);
      expect([spam.length, ham.length]).toEqual([20, 20]);
      const sum = [...spam, ...ham].reduce((all, count) => all + count, 0);
      expect(sum).toBe(given.length);
    }),
  );
  expect(
    histogramOf(scored('spam', 0.05, 0.049, 1, 0.96)).spam.flatMap((count, at) => (count ? [at] : [])),
  ).toEqual([0, 1, 19]);
});
