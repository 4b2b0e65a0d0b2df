import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelQuantile, powerQuantile, upperTail } from '../../../src/learning/gates/normal.ts';
import {
  fallStatistic,
  greatestFall,
  isShownWorse,
  neededMessages,
  nonInferiorityP,
  type PairedOutcomes,
} from '../../../src/learning/gates/paired-rates.ts';

const outcomes = fc
  .tuple(
    fc.integer({ min: 1, max: 5000 }),
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: 0, max: 300 }),
  )
  .filter(([messages, lost, gained]) => lost + gained <= messages)
  .map(([messages, lost, gained]): PairedOutcomes => ({ messages, lost, gained }));
const margins = fc.double({ min: 0.001, max: 0.2, noNaN: true });

/** The same statistic from the definition: the likelihood is maximized by ternary search. */
function byLikelihood({ messages, lost, gained }: PairedOutcomes, fall: number): number {
  const logOf = (count: number, share: number) => (count === 0 ? 0 : count * Math.log(share));
  const likelihood = (share: number) =>
    logOf(lost, share + fall) + logOf(gained, share) + logOf(messages - lost - gained, 1 - 2 * share - fall);
  let low = 1e-15;
  let high = (1 - fall) / 2 - 1e-15;
  for (let step = 0; step < 300; step++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (likelihood(a) < likelihood(b)) low = a;
    else high = b;
  }
  const variance = messages * (2 * low + fall - fall * fall);
  return (messages * fall - (lost - gained)) / Math.sqrt(variance);
}

describe('the normal distribution', () => {
  it('upperTail is the complementary error function, in the middle and in the tail', () => {
    // From erfc of the C library.
    for (const [z, tail] of [
      [0, 0.5],
      [0.5, 0.3085375387259869],
      [levelQuantile, 0.05],
      [2.5, 0.006209665325776139],
      [3.9, 4.809634401760275e-5],
      [4.1, 2.0657506912546785e-5],
      [6, 9.865876450377012e-10],
    ] as const) {
      expect(Math.abs(upperTail(z) - tail)).toBeLessThan(1e-12);
      expect(Math.abs(upperTail(-z) - (1 - tail))).toBeLessThan(1e-12);
    }
    expect(upperTail(-powerQuantile)).toBeCloseTo(0.8, 12);
    expect(upperTail(8) / 6.220960574271819e-16).toBeCloseTo(1, 9);
  });
});

describe('rates of two models on the same messages', () => {
  it("fallStatistic is Tango's, by reference values of an independent program", () => {
    for (const [messages, lost, gained, fall, reference] of [
      [1000, 3, 1, 0.005, 1.1924197557760636],
      [1000, 0, 0, 0.005, 2.2416791983106505],
      [700, 1, 0, 0.01, 2.2792115291925152],
      [500, 12, 20, 0.02, 2.9840817393904744],
      [44, 1, 0, 0.1, 1.7085642859406418],
      [200, 8, 2, -0.01, -2.378380236692948],
    ] as const)
      expect(fallStatistic({ messages, lost, gained }, fall)).toBeCloseTo(reference, 5);
  });

  it('fallStatistic is the score statistic at the maximum of the likelihood', () => {
    fc.assert(
      fc.property(outcomes, margins, (each, margin) => {
        const own = fallStatistic(each, margin)!;
        const reference = byLikelihood(each, margin);
        expect(Math.abs(own - reference)).toBeLessThan(1e-4 * Math.max(1, Math.abs(reference)));
      }),
    );
  });

  it('fallStatistic without a margin is the statistic of McNemar, and changes its sign when the models are swapped', () => {
    fc.assert(
      fc.property(outcomes, margins, (each, margin) => {
        const { lost, gained } = each;
        const swapped = { ...each, lost: gained, gained: lost };
        if (lost + gained > 0)
          expect(fallStatistic(each, 0)).toBeCloseTo((gained - lost) / Math.sqrt(lost + gained), 9);
        expect(fallStatistic(swapped, -margin)).toBeCloseTo(-fallStatistic(each, margin)!, 5);
      }),
    );
  });

  it('nonInferiorityP is a probability, and falls with what is gained, with the margin and with agreement', () => {
    fc.assert(
      fc.property(outcomes, margins, (each, margin) => {
        const p = nonInferiorityP(each, margin);
        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        const { messages, lost, gained } = each;
        if (lost + gained < messages) {
          expect(nonInferiorityP({ ...each, lost: lost + 1 }, margin)).toBeGreaterThanOrEqual(p - 1e-12);
          if (gained < lost)
            expect(nonInferiorityP({ ...each, gained: gained + 1 }, margin)).toBeLessThanOrEqual(p + 1e-12);
        }
        expect(nonInferiorityP(each, margin * 1.1)).toBeLessThanOrEqual(p + 1e-12);
        expect(nonInferiorityP({ ...each, messages: messages + 100 }, margin)).toBeLessThanOrEqual(
          lost > gained ? p + 1e-12 : 1,
        );
      }),
    );
    expect(nonInferiorityP({ messages: 0, lost: 0, gained: 0 }, 0.02)).toBe(1);
  });

  it('nonInferiorityP is below the level by chance in at most 5.3 % where the fall is exactly the margin, also of few messages', () => {
    for (const [messages, margin, shares] of [
      [350, 0.01, [1e-9, 0.0005, 0.003]],
      [550, 0.005, [1e-9, 0.0003, 0.003]],
      [1400, 0.005, [1e-9, 0.0003, 0.003]],
      [300, 0.04, [1e-9, 0.005, 0.03]],
      [600, 0.02, [1e-9, 0.005, 0.03]],
    ] as const)
      for (const gained of shares) {
        const share = shareShown(messages, margin, gained);
        expect(share, `${messages}, ${margin}, ${gained}`).toBeLessThan(0.053);
        if (gained === shares[2]) expect(share).toBeGreaterThan(0.04);
      }
  });

  it('greatestFall is the margin that is just shown', () => {
    for (const [messages, lost, gained, reference] of [
      [1000, 3, 1, 0.006596411864072074],
      [700, 0, 0, 0.0038501808891359046],
      [500, 12, 20, 0.0027147551183848706],
      [50, 10, 2, 0.2763511399324845],
    ] as const)
      expect(greatestFall({ messages, lost, gained })).toBeCloseTo(reference, 7);
    fc.assert(
      fc.property(outcomes, (each) => {
        const bound = greatestFall(each);
        expect(bound).toBeGreaterThanOrEqual((each.lost - each.gained) / each.messages);
        if (bound > 1e-6 && bound < 0.99) {
          expect(fallStatistic(each, bound + 1e-6)).toBeGreaterThanOrEqual(levelQuantile);
          expect(fallStatistic(each, bound - 1e-6)).toBeLessThan(levelQuantile);
        }
      }),
    );
    expect(greatestFall({ messages: 0, lost: 0, gained: 0 })).toBe(1);
  });

  it('isShownWorse asks for more losses than chance explains', () => {
    expect(isShownWorse({ messages: 100, lost: 2, gained: 0 })).toBe(false);
    expect(isShownWorse({ messages: 100, lost: 3, gained: 0 })).toBe(true);
    expect(isShownWorse({ messages: 100, lost: 40, gained: 35 })).toBe(false);
    expect(isShownWorse({ messages: 100, lost: 0, gained: 30 })).toBe(false);
    expect(isShownWorse({ messages: 0, lost: 0, gained: 0 })).toBe(false);
  });

  it('neededMessages falls with disagreement and with the margin, and perfect agreement among so many is enough', () => {
    fc.assert(
      fc.property(
        outcomes,
        margins,
        fc.double({ min: 0.001, max: 0.1, noNaN: true }),
        (each, margin, assumed) => {
          const needed = neededMessages(each, margin, assumed);
          const { lost, gained } = each;
          const agreeing = { ...each, lost: Math.floor(lost / 2), gained: Math.floor(gained / 2) };
          expect(neededMessages(agreeing, margin, assumed)).toBeLessThanOrEqual(needed);
          expect(neededMessages(each, margin * 1.2, assumed)).toBeLessThanOrEqual(needed);
          expect(nonInferiorityP({ messages: needed, lost: 0, gained: 0 }, margin)).toBeLessThanOrEqual(0.05);
        },
      ),
    );
  });

  it('neededMessages gives the power that it states', () => {
    // 2 % of the messages are lost and 2 % gained; normal approximation of both counts.
    const each = { messages: 100_000, lost: 2000, gained: 2000 };
    const needed = neededMessages(each, 0.02, 0.05);
    const deviation = Math.sqrt(0.04 / needed);
    expect(upperTail(levelQuantile - 0.02 / deviation)).toBeCloseTo(0.8, 2);
  });
});

/** Share of outcomes that pass where the share of right answers falls by exactly `margin`: exact, over trinomial counts. */
function shareShown(messages: number, margin: number, gainedShare: number): number {
  const most = (mean: number) => Math.ceil(mean + 7 * Math.sqrt(mean) + 8);
  const lostShare = gainedShare + margin;
  const rest = Math.log(1 - lostShare - gainedShare);
  let sum = 0;
  for (let lost = 0; lost <= most(messages * lostShare); lost++)
    for (let gained = 0; gained <= most(messages * gainedShare); gained++) {
      if (nonInferiorityP({ messages, lost, gained }, margin) > 0.05) continue;
      let log = (messages - lost - gained) * rest;
      for (let k = 1; k <= lost; k++) log += Math.log(((messages - k + 1) * lostShare) / k);
      for (let k = 1; k <= gained; k++) log += Math.log(((messages - lost - k + 1) * gainedShare) / k);
      sum += Math.exp(log);
    }
  return sum;
}
