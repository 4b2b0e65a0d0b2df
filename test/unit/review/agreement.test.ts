import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decisionLabels } from '../../../src/core/decision.ts';
import type { AnswerPairs } from '../../../src/ports/second-opinions.ts';
import { agreementOf, byWeek, LEAST_PAIRS, ofPerson, ofTeam } from '../../../src/review/agreement.ts';

/** Rows: the first answer, spam, ham and unsure; columns: the second. */
function countsOf(matrix: readonly (readonly number[])[]) {
  return matrix.flatMap((row, i) =>
    row.map((pairs, j) => ({ first: decisionLabels[i]!, second: decisionLabels[j]!, pairs })),
  );
}

describe('Cohen’s κ', () => {
  // By `sklearn.metrics.cohen_kappa_score` of scikit-learn 1.9.1.
  test.each([
    [
      'two answers',
      [
        [45, 5, 2],
        [7, 38, 1],
        [0, 0, 0],
      ],
      0.7013409183258839,
      0.0690015732057802,
    ],
    [
      'always the same of two',
      [
        [20, 0, 0],
        [0, 30, 0],
        [0, 0, 0],
      ],
      1,
      0,
    ],
    [
      'always the other',
      [
        [0, 20, 0],
        [20, 0, 0],
        [0, 0, 0],
      ],
      -1,
      0,
    ],
    [
      'no better than chance',
      [
        [25, 25, 0],
        [25, 25, 0],
        [0, 0, 0],
      ],
      0,
      0.1,
    ],
    [
      'one person with one answer',
      [
        [30, 10, 0],
        [0, 0, 0],
        [0, 0, 0],
      ],
      0,
      0,
    ],
    [
      'three answers',
      [
        [88, 14, 18],
        [10, 40, 10],
        [2, 6, 12],
      ],
      0.4915254237288136,
      0.05100181557607786,
    ],
    [
      'two pairs',
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 0],
      ],
      1,
      0,
    ],
    [
      'worse than chance',
      [
        [3, 9, 1],
        [8, 2, 4],
        [1, 1, 2],
      ],
      -0.2216748768472907,
      0.13725910119368273,
    ],
  ])('is equal to scikit-learn’s: %s', (_, matrix, kappa, error) => {
    const found = agreementOf(countsOf(matrix));
    expect(found.kappa).toBeCloseTo(kappa, 12);
    expect(found.low).toBeCloseTo(Math.max(-1, kappa - 1.959963984540054 * error), 12);
    expect(found.high).toBeCloseTo(Math.min(1, kappa + 1.959963984540054 * error), 12);
  });

  test('has the standard error of the example of Fleiss, Cohen and Everitt', () => {
    // 200 pairs in three classes: κ = .429, standard error .054.
    const found = agreementOf(
      countsOf([
        [106, 10, 4],
        [22, 28, 10],
        [2, 12, 6],
      ]),
    );
    expect(found.kappa).toBeCloseTo(0.429, 3);
    expect((found.high! - found.low!) / 2 / 1.96).toBeCloseTo(0.054, 3);
  });

  test('is undefined without pairs, and where all answers are the same, as scikit-learn’s is', () => {
    expect(agreementOf([])).toEqual({ pairs: 0, observed: null, kappa: null, low: null, high: null });
    const same = agreementOf(
      countsOf([
        [40, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ]),
    );
    expect(same).toEqual({ pairs: 40, observed: 1, kappa: null, low: null, high: null });
  });

  test('property: lies within its interval, within −1 to 1, and changes nothing when the two people change places', () => {
    const cell = fc.oneof(fc.constant(0), fc.nat({ max: 60 }));
    const matrix = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(matrix, (rows) => {
        const counts = countsOf(rows);
        const found = agreementOf(counts);
        const turned = agreementOf(
          counts.map(({ first, second, pairs }) => ({ first: second, second: first, pairs })),
        );
        if (found.kappa === null) {
          expect(turned.kappa).toBeNull();
          return;
        }
        expect(found.low).toBeGreaterThanOrEqual(-1);
        expect(found.low! - 1e-9).toBeLessThanOrEqual(found.kappa);
        expect(found.kappa).toBeLessThanOrEqual(found.high! + 1e-9);
        expect(found.high).toBeLessThanOrEqual(1);
        expect(turned.kappa).toBeCloseTo(found.kappa, 9);
        expect(turned.low).toBeCloseTo(found.low!, 9);
        expect(found.kappa).toBeLessThanOrEqual(found.observed! + 1e-9);
      }),
    );
  });
});

describe('the agreement of people', () => {
  const pair = (
    first_by: string,
    first: 'spam' | 'ham',
    second_by: string,
    second: 'spam' | 'ham',
    pairs: number,
    week = 0,
  ): AnswerPairs => ({
    ...{ first_by, first, second_by, second, pairs, week },
  });
  const pairs = [
    pair('anna', 'spam', 'ben', 'spam', 12),
    pair('ben', 'ham', 'anna', 'spam', 4),
    pair('anna', 'ham', 'ben', 'ham', 8, 604_800_000),
    pair('carl', 'ham', 'ben', 'ham', LEAST_PAIRS - 1, 604_800_000),
  ];

  test('counts both orders of two people as one pair, each answer on the side of the person who gave it', () => {
    const { team, people } = ofTeam(pairs);
    expect(team.pairs).toBe(24 + LEAST_PAIRS - 1);
    expect(people.map(({ names, pairs }) => [names, pairs])).toEqual([
      [['anna', 'ben'], 24],
      [['ben', 'carl'], LEAST_PAIRS - 1],
    ]);
    const expected = agreementOf(
      countsOf([
        [12, 4, 0],
        [0, 8, 0],
        [0, 0, 0],
      ]),
    );
    expect(people[0]!.kappa).toBeCloseTo(expected.kappa!, 12);
    expect(people[0]!.low).toBeCloseTo(expected.low!, 12);
  });

  test('shows the number alone of too few pairs', () => {
    const [, few] = ofTeam(pairs).people;
    expect(few).toMatchObject({ observed: null, kappa: null, low: null, high: null });
  });

  test('of one person is with all others, and of a week is of that week', () => {
    expect(ofPerson(pairs, 'anna').map(({ second_by, first, second }) => [second_by, first, second])).toEqual(
      [
        ['ben', 'spam', 'spam'],
        ['ben', 'spam', 'ham'],
        ['ben', 'ham', 'ham'],
      ],
    );
    expect(byWeek(pairs).map(({ week, pairs: count }) => [week, count])).toEqual([
      [0, 16],
      [604_800_000, 27],
    ]);
  });
});
