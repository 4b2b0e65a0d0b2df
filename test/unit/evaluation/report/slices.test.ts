import { describe, expect, test } from 'vitest';
import { isMissing, type Known, type Slice } from '../../../../src/core/report-facts.ts';
import { type SlicedExample, slicesOf } from '../../../../src/evaluation/report/slices.ts';

const thresholds = { rejectMin: 0.5, rejectMax: 0.7 };
const NOW = Date.UTC(2026, 10, 30);

function message(given: Partial<SlicedExample>): SlicedExample {
  return {
    ...{ label: 'ham', probability: 0.1, language: 'en', community: '', characters: 30, at: null },
    ...given,
  };
}

function rowsOf(slices: Known<readonly Slice[]>): readonly Slice[] {
  if (isMissing(slices)) throw new Error(slices.missing);
  return slices;
}

describe('slices', () => {
  test('a community with three messages is a row with what can be stated', () => {
    const given = [
      ...Array.from({ length: 5 }, () => message({ community: 'chess' })),
      message({ community: 'go', label: 'spam', probability: 0.9 }),
      message({ community: 'go', label: 'spam', probability: 0.6 }),
      message({ community: 'go', label: 'spam', probability: 0.1 }),
      message({}),
    ];
    const rows = rowsOf(slicesOf(given, thresholds, NOW).community);
    expect(rows.map(({ value, spam, ham }) => [value, spam, ham])).toEqual([
      ['chess', 0, 5],
      ['go', 3, 0],
      ['not stated', 0, 1],
    ]);
    expect(rows[1]!.falsePositiveRate).toBeNull();
    expect(rows[1]!.truePositiveRate!.estimate).toBeCloseTo(1 / 3);
    expect(rows[1]!.truePositiveRate!.high - rows[1]!.truePositiveRate!.low).toBeGreaterThan(0.6);
  });

  test('dates in the future and unknown dates have rows of their own after the months', () => {
    const given = [
      message({ at: NOW + 1 }),
      message({ at: Date.UTC(2026, 9, 31, 23, 59, 59, 999) }),
      message({ at: Date.UTC(2026, 10, 1) }),
      message({ at: NOW }),
      message({}),
    ];
    const rows = rowsOf(slicesOf(given, thresholds, NOW).month);
    expect(rows.map(({ value, ham }) => [value, ham])).toEqual([
      ['2026-10', 1],
      ['2026-11', 2],
      ['in the future', 1],
      ['not stated', 1],
    ]);
  });

  test('what the data does not state is missing, with what to add', () => {
    const { community, month } = slicesOf([message({})], thresholds, NOW);
    expect(community).toEqual({ missing: expect.stringContaining('"community"') });
    expect(month).toEqual({ missing: expect.stringContaining('"sent_at"') });
  });

  test('lengths are in ascending order and cover all messages', () => {
    const given = [5000, 20, 21, 50, 100, 101, 2000].map((characters) => message({ characters }));
    const rows = rowsOf(slicesOf(given, thresholds, NOW).length);
    expect(rows.map(({ value, ham }) => [value, ham])).toEqual([
      ['0–20', 1],
      ['21–50', 2],
      ['51–100', 1],
      ['101–200', 1],
      ['501–2000', 1],
      ['2001+', 1],
    ]);
  });

  test('many communities are the largest ones and a row of all others', () => {
    const given = Array.from({ length: 100 }, (_, community) =>
      Array.from({ length: community === 7 ? 3 : 1 }, () => message({ community: `c${community}` })),
    ).flat();
    const rows = rowsOf(slicesOf(given, thresholds, NOW).community);
    expect(rows).toHaveLength(24);
    expect(rows[0]).toMatchObject({ value: 'c7', ham: 3 });
    expect(rows.at(-1)).toMatchObject({ value: '77 others', ham: 77 });
  });
});
