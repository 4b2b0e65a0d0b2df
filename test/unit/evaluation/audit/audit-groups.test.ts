import { describe, expect, it } from 'vitest';
import { isMissing } from '../../../../src/core/report-facts.ts';
import { auditGroups, MOST_GROUPS } from '../../../../src/evaluation/audit/audit-groups.ts';
import { reviewsAlone } from '../../../../src/evaluation/audit/reviews-alone.ts';
import { known, times } from './audited.ts';

describe('auditGroups', () => {
  it('messages are grouped by month in UTC, community, language and model, each with its own rates', () => {
    const groups = auditGroups([
      ...times(40, { community: 'chess', drawnAt: Date.UTC(2026, 10, 1) - 1, language: '' }),
      ...times(60, { community: 'go', drawnAt: Date.UTC(2026, 10, 1), label: 'spam', verdict: 'spam' }),
      ...times(2, { community: 'shogi', drawnAt: Date.UTC(2026, 10, 2), label: null, unsure: 1 }),
    ]);
    expect(
      groups.map(({ by, value, drawn, decided, unsure }) => [by, value, drawn, decided, unsure]),
    ).toEqual([
      ['all', '', 102, 100, 2],
      ['month', '2026-10', 40, 40, 0],
      ['month', '2026-11', 62, 60, 2],
      ['community', 'go', 60, 60, 0],
      ['community', 'chess', 40, 40, 0],
      ['community', 'shogi', 2, 0, 2],
      ['language', 'en', 62, 60, 2],
      ['language', '', 40, 40, 0],
      ['model', '20261101T000000Z-01234567', 102, 100, 2],
    ]);
    const of = (value: string) => groups.find((group) => group.value === value)!.estimates;
    expect(known(of('chess')).prevalence!.estimate).toBe(0);
    expect(known(of('go')).prevalence!.estimate).toBe(1);
    expect(isMissing(of('shogi'))).toBe(true);
  });

  it('beyond the largest groups of a kind, all others are one', () => {
    const communities = Array.from({ length: MOST_GROUPS + 7 }, (_, at) =>
      times(30 + at, { community: `community ${at}` }),
    );
    const groups = auditGroups(communities.flat()).filter(({ by }) => by === 'community');
    expect(groups).toHaveLength(MOST_GROUPS + 1);
    expect(groups[0]).toMatchObject({ value: `community ${MOST_GROUPS + 6}` });
    const smallest = [30, 31, 32, 33, 34, 35, 36];
    expect(groups.at(-1)).toMatchObject({
      ...{ value: '7 others', others: 7, drawn: smallest.reduce((sum, each) => sum + each, 0) },
    });
  });

  it('where nothing was drawn, the group of all says so', () => {
    expect(auditGroups([])).toMatchObject([
      { by: 'all', drawn: 0, estimates: { missing: expect.any(String) } },
    ]);
  });
});

describe('reviewsAlone', () => {
  it('decided review rows are counted as if they were all messages, with spam above one half', () => {
    const estimates = known(
      reviewsAlone([
        { label: 'spam', aboveHalf: true, rows: 30 },
        { label: 'spam', aboveHalf: false, rows: 10 },
        { label: 'ham', aboveHalf: true, rows: 60 },
      ]),
    );
    expect(estimates.truePositiveRate!.estimate).toBe(0.75);
    expect(estimates.falsePositiveRate!.estimate).toBe(1);
    expect(estimates.precision!.estimate).toBeCloseTo(1 / 3, 12);
    expect(estimates.prevalence!.estimate).toBe(0.4);
  });

  it('too few decided review rows give no rate', () => {
    expect(reviewsAlone([{ label: 'spam', aboveHalf: true, rows: 29 }])).toEqual({
      missing: '29 review rows are decided, and rates are given from 30 on',
    });
  });
});
