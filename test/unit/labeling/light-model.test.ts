import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LightModel } from '../../../src/labeling/light/light-model.ts';
import { LightPool } from '../../../src/labeling/light/light-pool.ts';
import { fitLogistic, marginOf } from '../../../src/labeling/light/logistic-regression.ts';
import { estimateQuality, mccOf, SettledWatch } from '../../../src/labeling/light/quality-estimate.ts';
import { SparseRowsBuilder } from '../../../src/labeling/light/sparse-rows.ts';
import { sentences } from './own-sentences.ts';

const texts = [...sentences('spam', 60), ...sentences('ham', 60)];
const labels = texts.map((_, at) => (at < 60 ? ('spam' as const) : ('ham' as const)));
const known = (every: number) => labels.flatMap((label, row) => (row % every === 0 ? [{ row, label }] : []));

function poolOf(messages: readonly string[], prior: number | null = null): LightPool {
  const pool = new LightPool();
  for (const message of messages) pool.add(message, prior);
  return pool;
}

describe('logistic regression', () => {
  it('the fit is a minimum of its objective: no step along a feature or the bias makes it smaller', () => {
    const rows = new SparseRowsBuilder();
    const data = [
      [1, 0, 0.5],
      [1, 0.2, 0],
      [0, 1, 0.3],
      [0, 0.8, 1],
    ];
    for (const values of data) rows.add(Int32Array.from([0, 1, 2]), Float32Array.from(values), 3);
    const signs = [1, 1, -1, -1];
    const costs = [1, 2, 3, 0.5];
    const offsets = [0, -1, 0.5, 0];
    const examples = {
      ...{ rows: Int32Array.from([0, 1, 2, 3]), signs: Int8Array.from(signs) },
      ...{ costs: Float64Array.from(costs), offsets: Float64Array.from(offsets) },
    };
    const fitted = fitLogistic(rows, examples, { features: 3, seed: 1 });
    const objective = (weights: Float64Array, bias: number) => {
      // The bias is regularized as a feature of the value 2.
      let sum = (bias / 2) ** 2 / 2;
      for (const weight of weights) sum += weight ** 2 / 2;
      for (const [at, cost] of costs.entries())
        sum +=
          cost * Math.log1p(Math.exp(-signs[at]! * (marginOf(rows, at, { weights, bias }) + offsets[at]!)));
      return sum;
    };
    const least = objective(fitted.weights, fitted.bias);
    for (const step of [0.1, -0.1]) {
      for (let feature = 0; feature < 3; feature++) {
        const other = fitted.weights.slice();
        other[feature]! += step;
        expect(objective(other, fitted.bias)).toBeGreaterThan(least);
      }
      expect(objective(fitted.weights, fitted.bias + step)).toBeGreaterThan(least);
    }
  });
});

describe('the light model', () => {
  it('of many labels both classes count the same, of few as often as they were given', () => {
    const pool = poolOf(Array.from({ length: 80 }, () => 'we meet at the same place as always'));
    const labeled = (spam: number, ham: number) =>
      Array.from({ length: spam + ham }, (_, row) => ({
        row,
        label: row < spam ? ('spam' as const) : ('ham' as const),
      }));
    const spamOf = (spam: number, ham: number) =>
      LightModel.fit(pool, labeled(spam, ham), { seed: 1 }).probability(0);
    // One text with both labels: the shares of the classes are all that there is.
    expect(spamOf(12, 48)).toBeGreaterThan(0.3);
    expect(spamOf(48, 12)).toBeLessThan(0.7);
    expect(spamOf(9, 36)).toBeLessThan(0.25);
    expect(spamOf(0, 72)).toBeLessThan(0.25);
  });

  it('it separates sentences that it has not seen after a few labels, and the same labels give the same model', () => {
    const pool = poolOf(texts);
    const model = LightModel.fit(pool, known(6), { seed: 3 });
    const right = labels.filter((label, row) => (label === 'spam') === model.logOdds(row) > 0);
    expect(right.length).toBeGreaterThanOrEqual(116);
    const again = LightModel.fit(poolOf(texts), known(6), { seed: 3 });
    expect(texts.map((_, row) => again.logOdds(row))).toEqual(texts.map((_, row) => model.logOdds(row)));
    expect(model.probabilityOf('Claim a cash bonus tonight', null)).toBeGreaterThan(0.6);
    expect(model.probabilityOf('I would like to water the garden tonight', null)).toBeLessThan(0.4);
  });

  it('without labels it says what the other model says, less surely; with labels it overrules it', () => {
    const spamLike = poolOf(texts, 0.99);
    const none = LightModel.fit(spamLike, [], { seed: 0 });
    expect(none.probability(0)).toBeGreaterThan(0.7);
    expect(none.probability(0)).toBeLessThan(0.99);
    const taught = LightModel.fit(spamLike, known(3), { seed: 0 });
    expect(taught.probability(119)).toBeLessThan(0.5);
    expect(taught.probability(59)).toBeGreaterThan(0.9);
  });

  it('any text can be added and scored: empty, hostile, too long', () => {
    void fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 8 }), (strange) => {
        const pool = poolOf([...strange, '', ...texts.slice(55, 65)]);
        const from = strange.length + 1;
        const model = LightModel.fit(
          pool,
          [
            { row: from, label: 'spam' },
            { row: from + 9, label: 'ham' },
          ],
          { seed: 1 },
        );
        for (let row = 0; row < pool.size; row++) expect(model.probability(row)).toBeGreaterThanOrEqual(0);
        for (const text of strange) expect(model.probabilityOf(text, 0.5)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 4 },
    );
    expect(poolOf(['x'.repeat(100_000)]).rows.starts[1]).toBeLessThan(10_000);
  });
});

describe('the estimated quality', () => {
  it('it is high for labels that can be learned, near 0 for labels at random, and missing with too few of a class', () => {
    const pool = poolOf(texts);
    const good = estimateQuality(pool, known(2))!;
    expect(good.mcc).toBeGreaterThan(0.9);
    expect(good.low).toBeLessThanOrEqual(good.mcc);
    expect(good.high).toBeGreaterThanOrEqual(good.mcc);
    const random = known(2).map((each, at) => ({
      ...each,
      label: at % 3 === 0 ? ('spam' as const) : ('ham' as const),
    }));
    const bad = estimateQuality(pool, random)!;
    expect(Math.abs(bad.mcc)).toBeLessThan(0.4);
    expect(bad.high - bad.low).toBeGreaterThan(0.3);
    expect(estimateQuality(pool, known(2).slice(0, 30))).toBeUndefined();
  });

  it('near-duplicates are in one fold, so that they do not vouch for each other', () => {
    const doubled = Array.from(
      { length: 24 },
      (_, at) => `note ${'abcdefghijkl'[at >> 1]!.repeat(9)} ${'qrstuvwxyzab'[at >> 1]!.repeat(8)}`,
    );
    const pool = poolOf(doubled);
    const noise = doubled.map((_, row) => ({
      row,
      label: (row >> 1) % 2 === 0 ? ('spam' as const) : ('ham' as const),
    }));
    const grouped = estimateQuality(pool, noise, { groupOf: (row) => row >> 1 })!;
    expect(estimateQuality(pool, noise)!.mcc).toBeGreaterThan(grouped.mcc + 0.4);
  });

  it('Matthews correlation is 1 for right answers, -1 for wrong ones, and 0 where a class is missing', () => {
    const outcome = (isSpam: boolean, isPredicted: boolean) => ({ isSpam, isPredicted });
    expect(mccOf([outcome(true, true), outcome(false, false)])).toBe(1);
    expect(mccOf([outcome(true, false), outcome(false, true)])).toBe(-1);
    expect(mccOf([outcome(true, true), outcome(true, true)])).toBe(0);
    expect(mccOf([true, true, true, false].map((spam, at) => outcome(spam, at !== 2)))).toBeCloseTo(-1 / 3);
  });

  it('answers stop paying when 50 of them changed the class of few messages, and not before 100 answers', () => {
    const watch = new SettledWatch();
    const odds = (spam: number) => Float64Array.from({ length: 1000 }, (_, at) => (at < spam ? 1 : -1));
    watch.look(10, odds(100));
    watch.look(60, odds(101));
    expect(watch.changed).toBe(0.001);
    expect(watch.isSettled).toBe(false);
    watch.look(110, odds(102));
    expect(watch.isSettled).toBe(true);
    watch.look(160, odds(150));
    expect(watch.isSettled).toBe(false);
  });
});
