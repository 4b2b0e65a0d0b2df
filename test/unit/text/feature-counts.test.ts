import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';

describe('FeatureCounts', () => {
  it('FeatureCounts counts ids like a map, message after message, however many there are', () => {
    const ids = fc.oneof(
      fc.array(fc.nat({ max: 40 })),
      fc.array(fc.nat({ max: 0x7fffffff }), { maxLength: 50 }),
      fc.integer({ min: 300, max: 3000 }).map((n) => Array.from({ length: n }, (_, i) => (i * 7919) % 2500)),
    );
    const counts = new FeatureCounts();
    fc.assert(
      fc.property(fc.array(ids, { minLength: 1, maxLength: 4 }), (messages) => {
        for (const message of messages) {
          const expected = new Map<number, number>();
          counts.clear();
          for (const id of message) {
            counts.add(id);
            expected.set(id, (expected.get(id) ?? 0) + 1);
          }
          expect([...counts.ids.subarray(0, counts.size)]).toEqual([...expected.keys()]);
          expect([...counts.counts.subarray(0, counts.size)]).toEqual([...expected.values()]);
        }
      }),
    );
  });
});
