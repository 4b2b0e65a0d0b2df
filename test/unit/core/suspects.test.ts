import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type OffsetRange,
  type Suspects,
  suspectsAfterCrash,
  withoutAll,
} from '../../../src/core/suspects.ts';

const range = (from: number, to: number, partition = 0): OffsetRange => ({
  topic: 'chat',
  partition,
  from,
  to,
});
const suspects = (crashes: number, from: number, to: number, partition = 0): Suspects => ({
  ...range(from, to, partition),
  crashes,
});

describe('suspects after a crash', () => {
  it('suspects after a crash are the messages that were being scored, with one more count if they were at the crash before', () => {
    expect(suspectsAfterCrash([], [range(0, 10)])).toEqual([suspects(1, 0, 10)]);
    expect(suspectsAfterCrash([suspects(1, 0, 10)], [range(5, 20)])).toEqual([
      suspects(2, 5, 10),
      suspects(1, 10, 20),
      suspects(1, 0, 5),
    ]);
  });

  it('suspects after a crash are separate for each topic and partition', () => {
    const other = { ...suspects(1, 0, 10), topic: 'other' };
    expect(suspectsAfterCrash([suspects(1, 0, 10, 1), other], [range(0, 10)])).toEqual([
      suspects(1, 0, 10),
      suspects(1, 0, 10, 1),
      other,
    ]);
  });

  it('suspects after a crash count each offset as often as it was in flight, whatever ranges were recorded', () => {
    const stretch = fc
      .tuple(fc.nat(30), fc.integer({ min: 1, max: 12 }), fc.nat(1))
      .map(([from, length, partition]) => range(from, from + length, partition));
    const crashes = fc.array(fc.array(stretch, { maxLength: 5 }), { maxLength: 4 });
    fc.assert(
      fc.property(crashes, (flights) => {
        let found: readonly Suspects[] = [];
        const expected = new Map<string, number>();
        for (const inFlight of flights) {
          found = suspectsAfterCrash(found, inFlight);
          const offsets = new Set<string>();
          for (const { from, to, partition } of inFlight)
            for (let offset = from; offset < to; offset++) offsets.add(`${partition} ${offset}`);
          for (const at of offsets) expected.set(at, (expected.get(at) ?? 0) + 1);
        }
        const counted = new Map<string, number>();
        for (const { from, to, partition, crashes: count } of found)
          for (let offset = from; offset < to; offset++) {
            expect(counted.has(`${partition} ${offset}`)).toBe(false);
            counted.set(`${partition} ${offset}`, count);
          }
        expect(counted).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('suspects after a crash are cleared when all of them have been scored', () => {
    const all = [suspects(2, 0, 10), suspects(1, 10, 20)];
    expect(withoutAll(all, [range(4, 6), range(10, 30)])).toEqual([suspects(2, 0, 4), suspects(2, 6, 10)]);
    expect(withoutAll(all, [range(0, 20)])).toEqual([]);
    expect(withoutAll(all, [range(0, 20, 1)])).toEqual(all);
  });
});
