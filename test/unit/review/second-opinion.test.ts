import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RowChange, RowStatus } from '../../../src/ports/decision-store.ts';
import { drawn } from '../../../src/review/second-opinion.ts';

const open: RowStatus = { state: 'open', label: null, by: null, at: null, unsure: 0 };
const spam: RowStatus = { state: 'labelled', label: 'spam', by: 'anna', at: 1, unsure: 0 };

function change(review_id: number, rest: Partial<RowChange> = {}): RowChange {
  return { review_id, before: open, after: spam, revision: 1, verdict: null, ...rest };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const draw = (share: number, changes: readonly RowChange[], named: readonly number[], key = 'secret') =>
  drawn({ share, key, changes, named: new Set(named) });

describe('the rows that a second person is asked about', () => {
  test('are about the share of the decided ones, others with another secret', () => {
    const all = ids(4000);
    const changes = all.map((id) => change(id));
    const some = draw(0.05, changes, all);
    // The share, with four standard deviations of a binomial distribution.
    expect(some.length).toBeGreaterThan(200 - 4 * 14);
    expect(some.length).toBeLessThan(200 + 4 * 14);
    expect(draw(0.05, changes, all, 'another secret')).not.toEqual(some);
    expect(draw(0, changes, all)).toEqual([]);
    expect(draw(1, changes, all)).toEqual(all);
  });

  test('property: depend on nothing but the row, and are among those of a larger share', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.uniqueArray(fc.integer({ min: 1 }), { maxLength: 30 }), (a, b, rows) => {
        const [less, more] = a < b ? [a, b] : [b, a];
        const changes = rows.map((id) => change(id));
        const few = draw(less, changes, rows);
        expect(draw(more, changes, rows)).toEqual(expect.arrayContaining([...few]));
        for (const id of rows) expect(draw(less, [change(id)], [id]).length === 1).toBe(few.includes(id));
      }),
    );
  });

  test('are one of the members of campaigns at most, in about the share of such decisions', () => {
    let decisions = 0;
    for (let from = 0; from < 60_000; from += 60) {
      const found = draw(
        0.2,
        ids(60).map((id) => change(from + id)),
        [],
      );
      expect(found.length).toBeLessThanOrEqual(1);
      decisions += found.length;
    }
    expect(decisions).toBeGreaterThan(200 - 4 * 13);
    expect(decisions).toBeLessThan(200 + 4 * 13);
  });

  test('are none that were overruled, answered unsure, undone, or were second answers', () => {
    const ham: RowStatus = { ...spam, label: 'ham' };
    const changes = [
      change(1, { before: ham }),
      change(2, { after: { ...open, unsure: 1 } }),
      change(3, { before: spam, after: open }),
      change(4, { second: { id: 1, outcome: 'agreed' } }),
    ];
    expect(draw(1, changes, [1, 2, 3, 4])).toEqual([]);
  });
});
