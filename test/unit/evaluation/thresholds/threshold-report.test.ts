import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMissing } from '../../../../src/core/report-facts.ts';
import {
  bandFigures,
  expectedCost,
  reviewShareOf,
} from '../../../../src/evaluation/thresholds/band-figures.ts';
import { atOtherPrior, chowThresholds } from '../../../../src/evaluation/thresholds/chow.ts';
import { crossValidatedCost, proposeBand } from '../../../../src/evaluation/thresholds/propose-band.ts';
import { classBands, scoreClasses } from '../../../../src/evaluation/thresholds/score-classes.ts';
import {
  type CommunityExample,
  FEWEST_OF_A_COMMUNITY,
  type ThresholdQuestion,
  thresholdReport,
} from '../../../../src/evaluation/thresholds/threshold-report.ts';
import { classWeights, costOf } from '../../../../src/evaluation/thresholds/verdict-costs.ts';

const costs = { falseAccusation: 4, missedSpam: 1, review: 0.25 };
const question: ThresholdQuestion = {
  ...{ costs, messagesADay: null, mostReviewed: 1, choosesLower: false, byCommunity: false },
  ...{ currentOf: () => ({ rejectMin: 0.5, rejectMax: 0.7 }), biasOf: () => 0 },
};
const example = (label: 'spam' | 'ham', probability: number, community = ''): CommunityExample => ({
  ...{ label, probability, community },
});
/** `each` messages of every hundredth, of which so many are spam as it says. */
const calibrated = (each: number, community = ''): CommunityExample[] =>
  Array.from({ length: 99 }, (_, at) => (at + 1) / 100).flatMap((p) =>
    Array.from({ length: each }, (_, at) =>
      example(at < Math.round(p * each) ? 'spam' : 'ham', p, community),
    ),
  );
const answerOf = (examples: readonly CommunityExample[], asked: Partial<ThresholdQuestion> = {}) => {
  const { answer } = thresholdReport(examples, { ...question, ...asked }).all;
  if (isMissing(answer)) throw new Error(answer.missing);
  return answer;
};
const scored = fc.array(
  fc.record({
    label: fc.constantFrom('spam' as const, 'ham' as const),
    probability: fc.constantFrom(0, 0.1, 0.5, 0.6, 0.7, 0.95, 1),
    community: fc.constant(''),
  }),
  { minLength: 1, maxLength: 80 },
);
const bothClasses = scored.filter((all) => new Set(all.map(({ label }) => label)).size === 2);

describe('Chow’s rule', () => {
  it('hands to people what costs more to decide than to review, and nothing where a review never pays', () => {
    expect(chowThresholds(costs)).toEqual({ rejectMin: 0.25, rejectMax: 1 - 0.25 / 4 });
    expect(chowThresholds({ falseAccusation: 3, missedSpam: 1, review: 2 })).toEqual({
      rejectMin: 0.75,
      rejectMax: 0.75,
    });
    expect(chowThresholds({ falseAccusation: 1, missedSpam: 0, review: 1 })).toEqual({
      rejectMin: 1,
      rejectMax: 1,
    });
    expect(chowThresholds({ falseAccusation: 0, missedSpam: 1, review: 1 })).toEqual({
      rejectMin: 0,
      rejectMax: 0,
    });
  });

  it('has higher thresholds where less of what arrives is spam than where the model was calibrated', () => {
    const rare = atOtherPrior({ rejectMin: 0.5, rejectMax: 0.75 }, 0.1, 0.5);
    // Odds of 1 and 3, nine times as high.
    expect(rare.rejectMin).toBeCloseTo(0.9, 12);
    expect(rare.rejectMax).toBeCloseTo(27 / 28, 12);
    expect(atOtherPrior({ rejectMin: 0, rejectMax: 1 }, 0.1, 0.5)).toEqual({ rejectMin: 0, rejectMax: 1 });
  });
});

describe('proposed thresholds', () => {
  it('are those of Chow’s rule where probabilities are calibrated', () => {
    const { proposed, compared } = answerOf(calibrated(100));
    // 0.25 and 0.9375; between two hundredths no message differs.
    expect(proposed.thresholds.rejectMin).toBeCloseTo(0.25, 2);
    expect(proposed.thresholds.rejectMax).toBeCloseTo(0.94, 1);
    expect(compared.map(({ name }) => name)).toEqual(['current', 'chow', 'fixed']);
  });

  it('cost no more than any other pair of the grid, and than Chow’s or the fixed ones', () => {
    fc.assert(
      fc.property(bothClasses, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (examples, spamShare) => {
        const { proposed, compared } = answerOf(examples, { spamShare });
        for (const { name, cost } of compared)
          if (name !== 'chow') expect(proposed.cost!.estimate).toBeLessThanOrEqual(cost!.estimate + 1e-9);
      }),
    );
  });

  it('cost what each message’s verdict costs, weighted by its class', () => {
    fc.assert(
      fc.property(bothClasses, fc.constantFrom(undefined, 0.02, 0.5), (examples, spamShare) => {
        const thresholds = { rejectMin: 0.5, rejectMax: 0.7 };
        const spam = examples.filter(({ label }) => label === 'spam').length;
        const weights = classWeights(spam, examples.length - spam, spamShare);
        const sum = examples.reduce(
          (all, { label, probability }) =>
            all + weights[label] * costOf(label, probability, thresholds, costs),
          0,
        );
        const share = spamShare ?? spam / examples.length;
        const circumstances = { costs, spamShare: share, messagesADay: 1000 };
        const scores = scoreClasses(examples);
        const figures = bandFigures(scores, thresholds, circumstances);
        expect(figures.cost!.estimate).toBeCloseTo(sum, 10);
        expect(expectedCost(classBands(scores, thresholds), circumstances)).toBeCloseTo(sum, 10);
        for (const interval of [figures.cost!, figures.reviewsADay!, figures.falsePositiveRate!]) {
          expect(interval.low).toBeLessThanOrEqual(interval.estimate);
          expect(interval.high).toBeGreaterThanOrEqual(interval.estimate);
        }
        expect(figures.reviewsADay!.estimate).toBeCloseTo(1000 * figures.reviewShare!.estimate, 8);
      }),
    );
  });

  it('leave no more to people than they can look at', () => {
    fc.assert(
      fc.property(bothClasses, fc.double({ min: 0, max: 1, noNaN: true }), (examples, mostReviewed) => {
        const scores = scoreClasses(examples);
        const search = { costs, spamShare: 0.3, mostReviewed, preferred: { rejectMin: 0.5, rejectMax: 0.7 } };
        const thresholds = proposeBand(scores, search);
        expect(thresholds.rejectMin).toBeLessThanOrEqual(thresholds.rejectMax);
        expect(reviewShareOf(classBands(scores, thresholds), 0.3)).toBeLessThanOrEqual(mostReviewed);
      }),
    );
  });

  it('count a message at a limit to the band below it', () => {
    const examples = [0.5, 0.7].flatMap((p) => [example('spam', p), example('ham', p)]);
    const { spam, ham } = classBands(scoreClasses(examples), { rejectMin: 0.5, rejectMax: 0.7 });
    expect([spam, ham]).toEqual(new Array(2).fill({ all: 2, ham: 1, review: 1, spam: 0 }));
  });

  it('are measured on messages that they were not chosen on, where every fifth of them has both classes', () => {
    const search = { costs, spamShare: 0.5, mostReviewed: 1, preferred: { rejectMin: 0.5, rejectMax: 0.7 } };
    expect(crossValidatedCost(calibrated(10), search)).toBeGreaterThan(0);
    expect(crossValidatedCost([example('spam', 0.9), example('ham', 0.1)], search)).toBeNull();
  });
});

describe('the report of thresholds', () => {
  it('says what is missing: messages, a class, ham for a limit', () => {
    const missingOf = (examples: readonly CommunityExample[], asked: Partial<ThresholdQuestion> = {}) => {
      const { answer } = thresholdReport(examples, { ...question, ...asked }).all;
      return isMissing(answer) ? answer.missing : undefined;
    };
    expect(missingOf([])).toContain('no labeled message');
    expect(missingOf([example('spam', 0.9)])).toContain('no ham');
    expect(missingOf([example('ham', 0.1)])).toContain('no spam');
    const limit = { maxRate: 0.001, confidence: 0.95 };
    expect(missingOf([example('spam', 0.9)], { limit })).toContain('0 of 2995 that are needed');
  });

  it('has the upper threshold of a limit, and keeps the lower one unless costs are given', () => {
    const ham = Array.from({ length: 3000 }, () => example('ham', 0.1));
    const limit = { maxRate: 0.001, confidence: 0.95 };
    const kept = answerOf([...ham, example('ham', 0.93)], { limit });
    expect(kept.proposed.thresholds).toEqual({ rejectMin: 0.5, rejectMax: 0.93 });
    expect(kept.proposed.truePositiveRate).toBeNull();
    // A lower threshold above the upper one would be refused by the settings.
    const low = answerOf(ham, { limit });
    expect(low.proposed.thresholds).toEqual({ rejectMin: 0.1, rejectMax: 0.1 });
    const chosen = answerOf([...ham, example('ham', 0.93), example('spam', 0.3), example('spam', 0.97)], {
      limit,
      choosesLower: true,
    });
    expect(chosen.proposed.thresholds.rejectMax).toBe(0.93);
    expect(chosen.proposed.thresholds.rejectMin).toBeGreaterThanOrEqual(0.1);
    expect(chosen.proposed.thresholds.rejectMin).toBeLessThan(0.3);
  });

  it('has thresholds of their own for communities with enough messages of each class, with the bias that they have', () => {
    const few = calibrated(4, 'small').slice(0, 2 * FEWEST_OF_A_COMMUNITY - 1);
    const examples = [...calibrated(100, 'large'), ...few, example('ham', 0.2)];
    const asked = { ...question, byCommunity: true };
    const { communities } = thresholdReport(examples, asked);
    expect(communities.map(({ community, answer }) => [community, isMissing(answer)])).toEqual([
      ['large', false],
      ['small', true],
    ]);
    // Its messages score as if each had twice the odds, and the thresholds go up as far.
    const [shifted] = thresholdReport(examples, { ...asked, biasOf: () => Math.LN2 }).communities;
    const [plain] = communities;
    if (isMissing(shifted!.answer) || isMissing(plain!.answer)) throw new Error('missing');
    expect(shifted!.answer.proposed.thresholds.rejectMin).toBeGreaterThan(
      plain!.answer.proposed.thresholds.rejectMin + 0.1,
    );
    expect(thresholdReport(examples, question).communities).toEqual([]);
  });
});
