import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditReport } from '../../../src/core/report-facts.ts';
import type { TimeRange } from '../../../src/ports/audit-store.ts';
import { reviewApi } from './review-fixture.ts';

const interval = { estimate: 0.9, low: 0.8, high: 0.95 };
const estimates = {
  ...{ truePositiveRate: interval, falsePositiveRate: null, precision: interval, prevalence: interval },
};

let asked: TimeRange[];
let fails: boolean;
let api: Awaited<ReturnType<typeof reviewApi>>;
beforeEach(async () => {
  asked = [];
  fails = false;
  const report = async (range: TimeRange): Promise<AuditReport> => {
    asked.push(range);
    if (fails) throw new Error('no database');
    return {
      ...range,
      groups: [{ by: 'all', value: '', drawn: 120, decided: 100, unsure: 4, estimates }],
      calibration: { missing: 'too few' },
      fromReviewsAlone: { ...estimates, precision: null },
    };
  };
  api = await reviewApi({ audit: { report, isDrawing: () => true, leastDecided: 30 } });
});
afterEach(() => api.dispose());

describe('GET /api/v1/audit', () => {
  it('answers people with rates and their intervals, and beside them those of review rows alone', async () => {
    const { status, body } = await api.get('/api/v1/audit', 'vic viewer');
    expect(status).toBe(200);
    expect(body).toMatchObject({ drawing: true, least_decided: 30, calibration: { missing: 'too few' } });
    expect(body.groups).toEqual([
      {
        ...{ by: 'all', value: '', drawn: 120, decided: 100, unsure: 4, others: null },
        estimates: {
          ...{ true_positive_rate: interval, false_positive_rate: null },
          ...{ precision: interval, prevalence: interval },
        },
      },
    ]);
    expect(body.from_reviews_alone).toMatchObject({ precision: null, prevalence: interval });
    expect(asked[0]!.to - asked[0]!.from).toBe(30 * 86_400_000);
    expect((await api.ask({ url: '/api/v1/audit' })).status).toBe(401);
  });

  it('reads the sample once for several people within a minute, again for another time, and again after a failure', async () => {
    await api.get('/api/v1/audit');
    await api.get('/api/v1/audit?days=30');
    expect(asked).toHaveLength(1);
    fails = true;
    expect((await api.get('/api/v1/audit?days=7')).status).toBe(500);
    fails = false;
    expect((await api.get('/api/v1/audit?days=7')).status).toBe(200);
    expect(asked.map(({ from, to }) => (to - from) / 86_400_000)).toEqual([30, 7, 7]);
  });

  it.each(['0', '367', 'x', '1.5'])('refuses days=%s', async (days) => {
    expect((await api.get(`/api/v1/audit?days=${days}`)).status).toBe(400);
  });
});
