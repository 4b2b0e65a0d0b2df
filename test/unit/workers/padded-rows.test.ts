import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';
import { PaddedRows, paddedLength } from '../../../workers/padded-rows.ts';

describe('padding', () => {
  it('padded rows contain each row, waste at most half of their length, and depend on the row alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), (size) => {
        const length = paddedLength(size);
        expect(length).toBeGreaterThanOrEqual(size);
        if (size > 8) expect(length).toBeLessThan(1.5 * size);
      }),
    );
  });

  it('padded rows contain nothing of earlier rows when a group is used again', () => {
    const rows = new PaddedRows(8, 100, 99);
    const long = new FeatureCounts();
    for (let id = 0; id < 8; id++) long.add(id);
    const short = new FeatureCounts();
    short.add(5);
    rows.add(long);
    rows.clear();
    rows.add(short);
    expect([...rows.ids.data]).toEqual([5, 99, 99, 99, 99, 99, 99, 99]);
    expect([...rows.counts.data]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect(rows.ids.dims).toEqual([1, 8]);
  });
});
