import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditedMessage } from '../../../../src/core/audit.ts';
import { type AuditEstimates, isMissing } from '../../../../src/core/report-facts.ts';
import { verdictNames } from '../../../../src/core/verdict.ts';
import {
  auditCalibration,
  auditEstimates,
  LEAST_DECIDED,
} from '../../../../src/evaluation/audit/audit-estimates.ts';
import { betaQuantile } from '../../../../src/evaluation/beta-distribution.ts';
import { audited, known, rates, times } from './audited.ts';

const drawnMessages = (probabilities: readonly number[]) =>
  fc.array(
    fc
      .record({
        label: fc.constantFrom('spam' as const, 'ham' as const, 'ham' as const, null),
        verdict: fc.constantFrom(...verdictNames),
        inclusionProbability: fc.constantFrom(...probabilities),
        probability: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map(audited),
    { minLength: 50, maxLength: 300 },
  );

function estimatesOf(estimates: AuditEstimates): (number | undefined)[] {
  return rates.map((rate) => estimates[rate]?.estimate);
}

describe('auditEstimates', () => {
  it('messages count by one over the probability that they were drawn', () => {
    const estimates = known(
      auditEstimates([
        // 40 of 1,000 and 10 of 10,000: 90 % of the spam is missed though only a fifth of the drawn spam is.
        ...times(40, { label: 'spam', verdict: 'spam', inclusionProbability: 0.01 }),
        ...times(10, { label: 'spam', verdict: 'ham', inclusionProbability: 0.000_25 }),
        ...times(20, { label: 'ham', verdict: 'spam', inclusionProbability: 0.01 }),
        ...times(90, { label: 'ham', verdict: 'ham', inclusionProbability: 0.000_25 }),
      ]),
    );
    const [spamFound, spamMissed, hamAccused, hamPassed] = [4000, 40_000, 2000, 360_000];
    expect(estimates.truePositiveRate!.estimate).toBeCloseTo(spamFound / (spamFound + spamMissed), 12);
    expect(estimates.falsePositiveRate!.estimate).toBeCloseTo(hamAccused / (hamAccused + hamPassed), 12);
    expect(estimates.precision!.estimate).toBeCloseTo(4 / 6, 12);
    expect(estimates.prevalence!.estimate).toBeCloseTo(44 / 406, 12);
  });

  it('with equal probabilities, rates are plain proportions and their intervals those of Jeffreys', () => {
    const { truePositiveRate, precision } = known(
      auditEstimates([
        ...times(45, { label: 'spam', verdict: 'spam' }),
        ...times(3, { label: 'spam', verdict: 'review' }),
        ...times(2, { label: 'ham', verdict: 'spam' }),
        ...times(50),
      ]),
    );
    expect(precision!.estimate).toBeCloseTo(45 / 47, 12);
    expect(precision!.low).toBeCloseTo(betaQuantile(0.025, 45.5, 2.5), 9);
    expect(precision!.high).toBeCloseTo(betaQuantile(0.975, 45.5, 2.5), 9);
    // Spam without the verdict spam has two verdicts, and half an unseen message in each.
    expect(truePositiveRate!.low).toBeCloseTo(betaQuantile(0.025, 45.5, 4), 9);
  });

  it('where no spam was missed, the interval ends at 1 and begins where that many messages may still miss some', () => {
    const { truePositiveRate, falsePositiveRate } = known(
      auditEstimates([...times(30, { label: 'spam', verdict: 'spam' }), ...times(100)]),
    );
    expect(truePositiveRate).toMatchObject({ estimate: 1, high: 1 });
    expect(truePositiveRate!.low).toBeGreaterThan(0.8);
    expect(truePositiveRate!.low).toBeLessThan(0.95);
    expect(falsePositiveRate).toMatchObject({ estimate: 0, low: 0 });
    expect(falsePositiveRate!.high).toBeLessThan(0.05);
  });

  it('decided messages stand for those with the same verdict and probability that nobody could decide', () => {
    const { prevalence } = known(
      auditEstimates([
        ...times(20, { label: 'spam', verdict: 'spam' }),
        ...times(20, { label: null, verdict: 'spam', unsure: 3 }),
        ...times(60),
      ]),
    );
    expect(prevalence!.estimate).toBeCloseTo(0.4, 12);
  });

  it('messages of a probability of which none is decided are represented by the others with their verdict', () => {
    const { prevalence } = known(
      auditEstimates([
        ...times(20, { label: 'spam', verdict: 'spam', inclusionProbability: 0.001 }),
        ...times(2, { label: null, verdict: 'spam', inclusionProbability: 0.0001 }),
        ...times(60),
      ]),
    );
    expect(prevalence!.estimate).toBeCloseTo(4 / (4 + 60), 12);
  });

  it('a rate is null without messages of its class, and where a verdict that it needs is not drawn or not decided', () => {
    const ham = times(100);
    const spam = times(40, { label: 'spam', verdict: 'spam' });
    expect(known(auditEstimates(ham))).toMatchObject({ truePositiveRate: null, precision: null });
    const unsampled = known(auditEstimates(spam, new Set(['ham', 'review'] as const)));
    expect(unsampled).toMatchObject({ truePositiveRate: null, prevalence: null });
    expect(unsampled.precision).toMatchObject({ estimate: 1, high: 1 });
    const undecided = known(auditEstimates([...spam, ...times(100, { label: null })]));
    expect(undecided).toMatchObject({ truePositiveRate: null, falsePositiveRate: null, prevalence: null });
    expect(undecided.precision).not.toBeNull();
  });

  it('a few messages of a verdict of which none is decided widen the interval to both of what they may be', () => {
    const decided = [...times(50, { label: 'spam', verdict: 'spam' }), ...times(950)];
    const { prevalence } = known(auditEstimates(decided));
    const wider = known(auditEstimates([...decided, ...times(30, { label: null, verdict: 'review' })]))
      .prevalence!;
    expect(wider.estimate).toBe(prevalence!.estimate);
    expect(wider.low).toBeLessThan(prevalence!.low);
    expect(wider.high - prevalence!.high).toBeCloseTo(0.03, 2);
  });

  it('too few decided messages give no rate but how many more are needed, and whether they must still be drawn', () => {
    const undecided = times(40, { label: null });
    const missing = auditEstimates([...times(LEAST_DECIDED - 2), ...undecided]);
    expect(missing).toEqual({
      missing: '28 of the 68 drawn messages are decided, and a rate is estimated from 30 on; decide 2 more',
    });
    expect(auditEstimates(times(3))).toMatchObject({
      missing: expect.stringContaining('27 more must be drawn'),
    });
    expect(isMissing(auditEstimates(times(LEAST_DECIDED)))).toBe(false);
  });

  it('every interval contains its estimate and lies within 0 and 1, however much the probabilities differ', () => {
    fc.assert(
      fc.property(drawnMessages([1, 0.01, 1e-6]), (messages) => {
        const estimates = auditEstimates(messages);
        fc.pre(!isMissing(estimates));
        for (const rate of rates) {
          const interval = known(estimates)[rate];
          if (interval === null) continue;
          expect(interval.low).toBeGreaterThanOrEqual(0);
          expect(interval.low).toBeLessThanOrEqual(interval.estimate);
          expect(interval.estimate).toBeLessThanOrEqual(interval.high);
          expect(interval.high).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('neither a common factor of all probabilities nor the order of the messages changes a rate', () => {
    fc.assert(
      fc.property(drawnMessages([0.001, 0.0001]), (messages) => {
        const estimates = auditEstimates(messages);
        fc.pre(!isMissing(estimates));
        const scaled = messages.map((one: AuditedMessage) => ({
          ...one,
          inclusionProbability: one.inclusionProbability / 8,
        }));
        for (const others of [scaled, messages.toReversed()]) {
          const again = known(auditEstimates(others));
          for (const [at, estimate] of estimatesOf(known(estimates)).entries())
            if (estimate === undefined) expect(estimatesOf(again)[at]).toBeUndefined();
            else expect(estimatesOf(again)[at]).toBeCloseTo(estimate, 9);
          expect(again.prevalence?.low ?? 0).toBeCloseTo(known(estimates).prevalence?.low ?? 0, 9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('four times as many messages with the same shares make every interval narrower', () => {
    fc.assert(
      fc.property(drawnMessages([0.001, 0.0001]), (messages) => {
        const estimates = auditEstimates(messages);
        fc.pre(!isMissing(estimates));
        const more = known(auditEstimates([...messages, ...messages, ...messages, ...messages]));
        for (const rate of rates) {
          const [once, fourfold] = [known(estimates)[rate], more[rate]];
          if (once === null || fourfold === null) continue;
          expect(fourfold.high - fourfold.low).toBeLessThan(once.high - once.low);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('auditCalibration', () => {
  it('tenths of the scores show the weighted share of spam and the mean score, and tenths without messages are left out', () => {
    const bins = known(
      auditCalibration([
        ...times(30, { label: 'spam', verdict: 'spam', probability: 0.95, inclusionProbability: 0.001 }),
        ...times(10, { label: 'ham', verdict: 'spam', probability: 0.91, inclusionProbability: 0.0005 }),
        ...times(5, { probability: null }),
        ...times(20, { probability: 0 }),
        ...times(1, { label: 'spam', verdict: 'spam', probability: 1, inclusionProbability: 0.001 }),
      ]),
    );
    expect(bins.map(({ from, messages }) => [from, messages])).toEqual([
      [0, 20],
      [0.9, 41],
    ]);
    expect(bins[1]!.observed.estimate).toBeCloseTo(31 / 51, 12);
    expect(bins[1]!.predicted).toBeCloseTo((30 * 0.95 + 20 * 0.91 + 1) / 51, 12);
    expect(bins[0]!.observed).toMatchObject({ estimate: 0, low: 0 });
    expect(auditCalibration(times(100, { probability: null }))).toMatchObject({
      missing: expect.any(String),
    });
  });
});
