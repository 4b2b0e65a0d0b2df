import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DistinctSample } from '../../../src/labeling/light/distinct-sample.ts';

describe('a sample of different texts', () => {
  it('each text of it is there once with all of its rows, in any order of the rows; it is no larger than asked for', () => {
    const rows = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 200 });
    void fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 20 }), (texts, most) => {
        const sampleOf = (order: readonly number[]) => {
          const sample = new DistinctSample({ most, seed: 5 });
          for (const at of order) sample.add(at + 1, `text ${'abcdefghijklmnopqrstuvwxyzäöüßñ'[texts[at]!]}`);
          return sample.texts();
        };
        const order = texts.map((_, at) => at);
        const found = sampleOf(order);
        expect(found.length).toBe(Math.min(most, new Set(texts).size));
        for (const { id, rows, ids } of found) {
          const same = order.filter((at) => texts[at] === texts[id - 1]).map((at) => at + 1);
          expect(ids).toEqual(same);
          expect(rows).toBe(same.length);
        }
        const reversed = sampleOf([...order].reverse());
        expect(reversed.map(({ rows }) => rows)).toEqual(found.map(({ rows }) => rows));
      }),
    );
  });

  it('texts that differ in case, digits and punctuation alone are one', () => {
    const sample = new DistinctSample({ most: 5 });
    sample.add(1, 'Win 100 now!');
    sample.add(2, 'win 999 NOW');
    sample.add(3, 'win 9 now');
    expect(
      sample
        .texts()
        .map(({ ids }) => [...ids])
        .sort(),
    ).toEqual([[1, 2], [3]]);
    expect(sample.isComplete).toBe(true);
  });
});
