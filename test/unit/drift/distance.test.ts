import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceBetween } from '../../../src/drift/distance.ts';

const counts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 1000 }), {
  minKeys: 1,
});

describe('the Jensen–Shannon distance', () => {
  it('the distance is 0 for the same shares, and 1 where nothing is in both', () => {
    expect(distanceBetween({ a: 1, b: 3 }, { a: 10, b: 30 })).toBeCloseTo(0, 10);
    expect(distanceBetween({ a: 5 }, { b: 7 })).toBe(1);
  });

  it('the distance has the value that its definition gives', () => {
    // p = (1/2, 1/2), q = (1, 0), middle = (3/4, 1/4).
    const divergence = (0.5 * Math.log2(2 / 3) + 0.5 * Math.log2(2) + Math.log2(4 / 3)) / 2;
    expect(distanceBetween({ a: 1, b: 1 }, { a: 1 })).toBeCloseTo(Math.sqrt(divergence), 12);
  });

  it('the distance is not known where there is nothing to compare', () => {
    expect(distanceBetween({}, { a: 1 })).toBeUndefined();
    expect(distanceBetween({ a: 1 }, { a: 0 })).toBeUndefined();
  });

  it('the distance is a metric, 0 to 1', () => {
    fc.assert(
      fc.property(counts, counts, counts, (a, b, c) => {
        const between = (x: typeof a, y: typeof a) => distanceBetween(x, y)!;
        expect(between(a, b)).toBeGreaterThanOrEqual(0);
        expect(between(a, b)).toBeLessThanOrEqual(1);
        expect(between(a, b)).toBeCloseTo(between(b, a), 10);
        expect(between(a, c)).toBeLessThanOrEqual(between(a, b) + between(b, c) + 1e-9);
      }),
    );
  });
});
